"""`td.view`: the page with trace files from a thread of this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import tapedeck as td
from tapedeck.errors import InvalidRequest, TraceFileUnreadable
from tapedeck.viewing import Viewer
from tests.traces_by_hand import write_by_hand


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_by_hand("dnc", folder / "dnc.npz")
    write_by_hand("ntm", folder / "ntm é.npz")
    (folder / "secret.txt").write_text("nobody reads this")
    return folder


@pytest.fixture(scope="module")
def viewer(folder: Path) -> Iterator[Viewer]:
    run = td.load("copy-1").run("Hi")
    with td.view(folder / "dnc.npz", str(folder / "ntm é.npz"), run, browser=False) as viewer:
        yield viewer


@pytest.fixture(scope="module")
def http(viewer: Viewer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=viewer.url.partition("/?")[0], timeout=60) as http:
        yield http


def test_each_file_and_each_run_has_an_address_of_the_page(viewer: Viewer, http: httpx.Client, folder: Path) -> None:
    assert [url.partition("/?")[2] for url in viewer.urls] == [f"file=/files/{number}" for number in range(3)]
    assert "<html" in http.get(viewer.url).text
    listed = http.get("/files").json()
    assert [(each["name"], each["path"]) for each in listed] == [
        ("dnc.npz", "/files/0"),
        ("ntm é.npz", "/files/1"),
        ("run-3.npz", "/files/2"),
    ]
    answer = http.get("/files/1")
    assert answer.content == (folder / "ntm é.npz").read_bytes()
    assert answer.headers["content-type"] == "application/x-npz"
    assert "filename*=utf-8''ntm%20%C3%A9.npz" in answer.headers["content-disposition"]
    assert http.get("/files/2").content[:2] == b"PK"


def test_nothing_else_of_the_disk_can_be_read(http: httpx.Client) -> None:
    for path in ("3", "-1", "٣", "secret.txt", "../secret.txt", "0/../secret.txt", "..%2fsecret.txt", "0%00"):
        answer = http.get(f"/files/{path}")
        assert "nobody reads this" not in answer.text
        assert answer.status_code == 404 or "<html" in answer.text, path


def test_pages_of_others_cannot_read_the_files(http: httpx.Client) -> None:
    """Neither one of another origin, nor one whose owner has its name lead to this machine."""
    answer = http.get("/files/0", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    for path in ("/files", "/files/0"):
        assert http.get(path, headers={"Host": "evil.example"}).status_code == 403


def test_a_file_that_was_written_anew_is_read_anew_and_one_that_has_gone_says_so(tmp_path: Path) -> None:
    file = write_by_hand("dnc", tmp_path / "a.npz")
    with td.view(file, browser=False) as viewer:
        url = httpx.URL(viewer.url).join("/files/0")
        write_by_hand("ntm", file)
        assert httpx.get(url).content == file.read_bytes()
        file.unlink()
        assert httpx.get(url).json()["error"]["detail"].startswith("a.npz is no longer there")
        assert httpx.get(url.join("/files")).json() == [{"name": "a.npz", "path": "/files/0", "bytes": None}]
    viewer.close()  # again
    with pytest.raises(httpx.ConnectError):
        httpx.get(viewer.url)


def test_what_cannot_be_viewed_is_refused_before_anything_is_served(folder: Path) -> None:
    with pytest.raises(InvalidRequest, match="at least one"):
        td.view()
    with pytest.raises(InvalidRequest, match="got int"):
        td.view(7)  # type: ignore[arg-type]
    with pytest.raises(TraceFileUnreadable, match=r"secret\.txt: It is no \.npz file"):
        td.view(folder / "secret.txt")


def test_without_the_page_installed_view_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tapedeck_page.app", raising=False)
    monkeypatch.setitem(sys.modules, "dash", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'tapedeck\[page\]'"):
        td.view(folder / "dnc.npz")

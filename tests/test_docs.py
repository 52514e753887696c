"""docs/: what is made from the code is current, every link leads somewhere, and every Python example runs."""

from __future__ import annotations

import re
import shutil
import warnings
from pathlib import Path

import pytest
from sphinx.cmd.build import build_main

import tapedeck as td
from tapedeck.tasks import TASKS
from tests.reference_pages import DOCS, pages

PAGES = sorted(path for path in DOCS.glob("*.md") if "```python" in path.read_text(encoding="utf-8"))


def test_the_pages_of_commands_and_settings_are_current() -> None:
    for path, text in pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: make docs"


def build(source: Path, out: Path) -> int:
    """The exit code of a strict build."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what Sphinx itself uses; its own about the pages are errors all the same
        return build_main(["--quiet", "--fail-on-warning", "--keep-going", str(source), str(out)])


def test_the_documentation_builds_and_every_link_in_it_leads_somewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(DOCS, tmp_path) == 0, capsys.readouterr().err
    reference = (tmp_path / "reference.html").read_text()
    for name in (*td.__all__, "Machine.run", "RecordedRun.memory", "Task.episode"):
        assert name.startswith("__") or f'id="tapedeck.{name}"' in reference, name


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "docs"
    source.mkdir()
    shutil.copy(DOCS / "conf.py", source)
    (source / "index.md").write_text("# A page\n\n[Another](gone.md)\n")
    assert build(source, tmp_path / "out") == 1
    assert "gone.md" in capsys.readouterr().err


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_python_example_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(TASKS, "_tasks", dict(TASKS))  # what an example registers is forgotten
    names = {"__name__": "__main__"}
    for number, code in enumerate(re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)):
        exec(compile(code, f"{page.name}, example {number + 1}", "exec"), names)  # noqa: S102 - our own

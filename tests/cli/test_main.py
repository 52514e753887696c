"""What every command shares."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tapedeck import __version__, cli
from tapedeck.cli import commands
from tapedeck.cli.encoding import say_what_can_be_said
from tapedeck.errors import CheckpointUnreadable
from tests.cli.conftest import ROOT, Tapedeck
from tests.warm import run_tapedeck


def python(source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", source, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def test_version() -> None:
    assert CliRunner().invoke(commands.app, ["--version"]).stdout == f"tapedeck {__version__}\n"


def test_help_names_the_commands() -> None:
    shown = CliRunner().invoke(commands.app, ["--help"]).stdout
    assert all(command in shown for command in commands.COMMANDS)
    assert "List the checkpoints of a folder" in shown


def test_wrong_usage_is_said() -> None:
    done = CliRunner().invoke(commands.app, ["rewind"])
    assert done.exit_code == 2
    assert "No such command 'rewind'" in done.stderr


def test_known_error_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise CheckpointUnreadable("a.pt: it is [bold]empty[/].")

    monkeypatch.setattr(commands, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "Error: a.pt: it is [bold]empty[/].\n"


def test_help_and_version_need_no_torch() -> None:
    """What took the two seconds; how long it takes now is for benchmarks."""
    for option in ("--help", "--version"):
        done = python(
            "import sys; sys.argv[0] = 'tapedeck'\n"
            "try:\n    from tapedeck.cli import main; main()\n"
            "finally:\n    sys.stderr.write(' '.join({'torch', 'numpy', 'pydantic', 'fastapi'} & {*sys.modules}))",
            option,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "tapedeck" in done.stdout


HIDDEN = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in hidden else found(name, *rest)
hidden = set(sys.argv.pop(1).split(","))
sys.meta_path.insert(0, Hidden())
"""
"""Packages that are not installed, by the first argument."""


@pytest.mark.parametrize(
    ("missing", "arguments", "extra"),
    [
        ("typer", ["--help"], ""),
        ("torch", ["checkpoints"], ""),
        ("orjson", ["trace", "--checkpoint", "copy-1", "--text", "a"], ""),
        ("uvicorn", ["serve", "--port", "0"], ""),
        ("dash", ["serve", "--port", "0"], "[page]"),
    ],
)
def test_without_an_extra_the_command_line_says_what_to_install(missing: str, arguments: list[str], extra: str) -> None:
    done = python(f"{HIDDEN}\nfrom tapedeck.cli import main; main()", missing, *arguments)
    assert done.returncode == 2
    assert done.stderr == (
        f"Error: Tapedeck needs {missing} here, which is not installed; "
        f"install it with: pip install 'tapedeck{extra}'\n"
    )


@pytest.mark.parametrize("package", ["tapedeck.checkpoints", "tapedeck.ntm", "tapedeck.tracing", "tapedeck.training"])
def test_without_an_extra_an_import_says_what_to_install(package: str) -> None:
    done = python(f"{HIDDEN}\nimport {package}", "torch")
    assert done.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: Tapedeck needs torch here, which is not installed; "
        "install it with: pip install 'tapedeck'"
    )


@pytest.mark.parametrize(("encoding", "times"), [("ascii", "x"), ("cp1251", "x"), ("cp437", "x"), ("utf-8", "×")])
def test_words_that_an_encoding_does_not_have_stop_no_work(
    tapedeck: Tapedeck, folder: Path, tmp_path: Path, encoding: str, times: str
) -> None:
    out = tmp_path / "out.json"
    machine = folder / "bytes.safetensors"
    done = tapedeck("trace", "--checkpoint", machine, "--text", "é", "--out", out, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"bytes: 6 steps on 6 {times} 4 memory" in done.stdout
    assert out.stat().st_size > 0


@pytest.mark.parametrize(
    "command",
    [
        "checkpoints --checkpoints machines",
        "--help",
        "rewind",
        "evaluate machines/bytes.safetensors --lengths 2 --sequences 2 --csv out.csv",
        "train copy --longest 2 --locations 6 --set batch_size=2 --sequences 4 --compile never --out runs",
    ],
)
def test_tables_bars_and_help_are_shown_in_an_encoding_without_their_characters(
    tapedeck: Tapedeck, folder: Path, command: str
) -> None:
    done = tapedeck(*command.split(), encoding="cp437")
    assert done.returncode == (2 if command == "rewind" else 0), done.stderr
    assert "Traceback" not in done.stderr


@given(st.text(), st.sampled_from(["ascii", "cp1251", "cp437", "utf-8", "latin-1", "shift_jis", "utf-16"]))
def test_any_words_can_be_written_in_any_encoding(words: str, encoding: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    say_what_can_be_said(stream)
    stream.write(words)
    stream.flush()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("tapedeck ta", ["tasks"]),
        ("tapedeck trace --lo", ["--locations"]),
        ("tapedeck train copy --compile a", ["auto", "always"]),
    ],
)
def test_the_shell_can_complete_commands_options_and_choices(typed: str, offered: list[str], tmp_path: Path) -> None:
    asked = {"_TAPEDECK_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    said = run_tapedeck(folder=tmp_path, environment=asked)
    assert (said.stdout.split(), said.returncode) == (offered, 0)

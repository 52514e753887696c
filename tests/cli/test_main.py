"""What every command shares."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from backend import __version__, cli
from backend.errors import CheckpointUnreadable


def test_version() -> None:
    assert CliRunner().invoke(cli.app, ["--version"]).stdout == f"tapedeck {__version__}\n"


def test_help_names_the_commands() -> None:
    shown = CliRunner().invoke(cli.app, ["--help"]).stdout
    assert all(command in shown for command in ("import", "checkpoints"))


def test_wrong_usage_is_said() -> None:
    done = CliRunner().invoke(cli.app, ["rewind"])
    assert done.exit_code == 2
    assert "No such command 'rewind'" in done.stderr


def test_known_error_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise CheckpointUnreadable("a.pt: it is [bold]empty[/].")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "Error: a.pt: it is [bold]empty[/].\n"

"""`tapedeck card`: figures as they were counted, and none of another machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tests.cli.conftest import Tapedeck

CARD = SHIPPED_CHECKPOINTS / "README.md"


@pytest.fixture(scope="module")
def sha256() -> str:
    return CheckpointLibrary(SHIPPED_CHECKPOINTS).get("copy-1").info.sha256


def result(sha256: str, length: int, **more: Any) -> dict[str, Any]:
    counted = {"pattern": "random", "locations": 128, "sequences": 5, "exact": 4, "bits": 40 * length, "wrong_bits": 3}
    interval = [0.00412, 0.0512]
    return {"checkpoint": "copy-1", "sha256": sha256, "length": length, "interval": interval} | counted | more


def written(*results: dict[str, Any]) -> str:
    return json.dumps({"versions": {"tapedeck": "0.1", "torch": "2"}, "plan": {"seed": 7}, "results": results})


def test_tables_and_sums(tapedeck: Tapedeck, tmp_path: Path, sha256: str) -> None:
    short, long, out = (tmp_path / name for name in ("short.json", "long.json", "card.md"))
    ones = result(sha256, 3, pattern="ones", bits=1200, wrong_bits=0, interval=[0, 0.45072])
    short.write_text(written(result(sha256, 3), result(sha256, 4), ones))
    long.write_text(written(*(result(sha256, length) for length in range(1, 21))))
    done = tapedeck("card", str(short), str(long), "--out", str(out))
    assert done.returncode == 0, done.stderr
    made = out.read_text()
    assert f"SHA-256 `{sha256}`" in made
    assert "| pattern | L = 3 | L = 4 |" in made
    assert "5 sequences of each pattern and length, on 128 locations (seed 7; tapedeck 0.1, torch 2):" in made
    assert "| random | 3 of 120 (0.41 … 5.2 %) | 3 of 160 (0.41 … 5.2 %) |" in made
    assert "| ones | 0 of 1,200 (0 … 46 %) |  |" in made
    failed = "20 of 100 sequences not exact (12 … 29 %)"
    assert f"- random, each of 20 lengths from 1 to 20: 60 of 8,400 bits wrong; {failed}" in made


def test_another_machine_of_that_name_is_refused(tapedeck: Tapedeck, tmp_path: Path, sha256: str) -> None:
    path, out = tmp_path / "other.json", tmp_path / "card.md"
    for other in (result("0" * 64, 3), result(sha256, 3, checkpoint="copy-7")):
        path.write_text(written(other))
        done = tapedeck("card", str(path), "--out", str(out))
        assert (done.returncode, "evaluate the one that is there" in done.stderr) == (2, True)
    assert not out.exists()


@pytest.mark.parametrize("content", ["{}", "[]", '{"results": [{"checkpoint": 1}]}'])
def test_what_is_no_evaluation_is_refused(tapedeck: Tapedeck, tmp_path: Path, content: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(content)
    done = tapedeck("card", str(path), "--out", str(tmp_path / "card.md"))
    assert done.returncode == 2
    assert f"{path} is not an evaluation" in done.stderr


def test_the_shipped_card_is_of_the_shipped_machine(sha256: str) -> None:
    assert sha256 in CARD.read_text()

"""A run as an object: its fields, memory, provenance, verdict, figure, files, and how a notebook shows it."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import tapedeck as td
from tapedeck import dependencies
from tapedeck.cli.commands import app
from tapedeck.errors import FileUnwritable, InvalidRequest, InvalidStep
from tapedeck.figures.forms import FORMS


@pytest.fixture(scope="module")
def run() -> td.RecordedRun:
    return td.load("copy-1").run("Hello")


def test_fields_are_arrays_by_name(run: td.RecordedRun) -> None:
    assert run["write.weighting"].shape == (12, 128)
    assert run["read.key_strength"].shape == (12,)
    assert run["inputs"].dtype == np.float32
    assert set(dict(run)) == {*run} == {*run.fields}
    assert ("outputs" in run, "nothing" in run, len(run)) == (True, False, len(run.fields))
    with pytest.raises(KeyError, match=r"no field “write.weight”; it has inputs, .*write\.weighting"):
        run["write.weight"]


def test_the_memory_of_every_step_is_rebuilt(run: td.RecordedRun) -> None:
    memory = run.memory
    assert memory.shape == (12, 128, 20)
    read = np.einsum("tn,tnw->tw", run["read.weighting"], memory)
    np.testing.assert_allclose(read, run["read.read_vector"], atol=1e-5)
    assert run.memory is memory


def test_the_verdict_the_score_and_the_provenance_are_those_of_the_service(run: td.RecordedRun) -> None:
    assert run.verdict is not None
    assert (run.verdict.kind, run.score) == ("exact", {"wrong_bits": 0, "bits": 40, "bit_error_rate": 0.0})
    found = run.provenance(9)
    np.testing.assert_allclose(found.reads[0].read_vector, run["read.read_vector"][9], atol=1e-5)
    assert str(found).startswith("Step 9 reads almost only what step 3 wrote.\nOutput bit 1 of step 9 is 0")
    assert len(run.narration()) == run.steps == 12
    with pytest.raises(InvalidStep, match="step is 12; this run has the steps 0 to 11"):
        run.provenance(12)
    wrong: Any = 3.5
    for asked in (run.provenance, run.plot):
        with pytest.raises(InvalidStep, match="step must be a whole number, got 3"):
            asked(wrong)


def test_the_figure_is_plotlys(run: td.RecordedRun) -> None:
    whole, one = run.plot(step=9), run.plot(panel="read.weighting", rows="60-70")
    assert "Read weightings" in json.dumps(whole.to_dict(), default=str)
    assert [len(trace.z) for trace in one.data if trace.type == "heatmap"] == [11]
    with pytest.raises(InvalidRequest, match=r"no panel “read\.weight”"):
        run.plot(panel="read.weight")


def test_every_form_is_the_one_that_the_command_writes(run: td.RecordedRun, tmp_path: Path) -> None:
    for form in FORMS:
        mine, theirs = tmp_path / f"mine{form}", tmp_path / f"theirs{form}"
        assert run.save(mine) == mine
        if form in (".gif", ".png"):  # which takes a second to draw, once
            assert mine.read_bytes().startswith((b"GIF89a", b"\x89PNG"))
            continue
        said = json.dumps({"sequence": run.trace.about["input"]["sequence"]})
        done = CliRunner().invoke(app, ["trace", "--checkpoint", "copy-1", "--input", said, "--out", str(theirs)])
        assert done.exception is None
        assert mine.read_bytes() == theirs.read_bytes(), form


def test_a_file_that_cannot_be_is_refused_in_a_sentence(run: td.RecordedRun, tmp_path: Path) -> None:
    with pytest.raises(FileUnwritable, match=r"path is .*\.mat; it must end in \.json, .* or \.png\."):
        run.save(tmp_path / "run.mat")
    with pytest.raises(FileUnwritable, match="there is no folder"):
        run.save(tmp_path / "gone" / "run.npz")
    with pytest.raises(InvalidRequest, match="step is 12"):
        run.save(tmp_path / "run.svg", step=12)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_installed_is_named_with_what_to_do(
    run: td.RecordedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name}", name="plotly")

    monkeypatch.setattr(dependencies, "import_module", missing)
    monkeypatch.delitem(vars(td), "view", raising=False)  # as it is before its first use
    for asked in (run.plot, lambda: run.save(tmp_path / "run.svg"), lambda: td.view):
        with pytest.raises(ModuleNotFoundError, match=r"Tapedeck needs plotly here.*pip install 'tapedeck\[figures\]'"):
            asked()
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_shows_the_run_card_in_a_frame_of_its_own(run: td.RecordedRun, tmp_path: Path) -> None:
    shown = run._repr_html_()
    frame = re.fullmatch(r'<iframe title="([^"]*)" sandbox="([^"]*)" srcdoc="([^"]*)" style="[^"]*"></iframe>', shown)
    assert frame is not None
    assert "allow-same-origin" not in frame[2]
    assert html.unescape(frame[3]).encode() == run.save(tmp_path / "card.html").read_bytes()
    assert repr(run) == (
        "<RecordedRun copy-1: 12 steps on 128 × 20 memory · 0 bit errors of 40 · Exact. All 40 bits came back right: "
        "every vector was read from the location where it was written.>"
    )

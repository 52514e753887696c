"""The notebook in examples/, carried out by a kernel as Jupyter does it."""

from __future__ import annotations

import warnings
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "examples" / "library.ipynb"


def test_the_notebook_runs_and_shows_the_card_the_figure_and_the_sentences(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    assert [cell for cell in notebook.cells if cell.get("outputs")] == [], "clear its outputs before it is kept"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Jupyter about itself
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = {
        cell["source"].splitlines()[-1]: output.get("data", {})
        for cell in notebook.cells
        for output in cell.get("outputs", ())
    }
    assert shown["run"]["text/html"].startswith("<iframe")
    assert shown["run"]["text/plain"].startswith("<RecordedRun copy-1: 12 steps")
    assert "application/vnd.plotly.v1+json" in shown["run.plot()"]
    assert shown["found"]["text/plain"].startswith("Step 9 reads almost only what step 3 wrote.")
    assert {path.name for path in tmp_path.iterdir()} == {"hello.html", "hello.npz"}

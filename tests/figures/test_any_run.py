"""A figure is made from the description of its run: of any machine, any task, and of what is asked of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tapedeck.errors import InvalidRequest
from tapedeck.figures import palette
from tapedeck.figures.drawing import Drawing, Panel
from tapedeck.figures.memory import limits
from tapedeck.figures.pictures import png_pieces, svg_pieces
from tapedeck.figures.printed import png, svg
from tapedeck.figures.tracks import PLAIN, tracks
from tapedeck.figures.verification import verification
from tapedeck.figures.view import WHOLE, View, panels_of
from tapedeck.tracing import Applied, Trace, explain_reads
from tests.figures.machines import DOCUMENT, DRAWN, run_of


@pytest.fixture(scope="module", params=DRAWN.values(), ids=list(DRAWN))
def run(request: pytest.FixtureRequest) -> Trace:
    return run_of(request.param)


@pytest.fixture(scope="module")
def counted() -> Trace:
    """Nine repeats are heard as 1.2 on a channel of their own."""
    return run_of(DRAWN["three that write and one that reads"])


def drawn(trace: Trace, view: View = WHOLE) -> Drawing:
    return verification(trace, DOCUMENT, None, view)


def titled(drawing: Drawing, title: str) -> Panel:
    return next(panel for panel in drawing.panels if panel.title == title)


def test_every_head_has_its_vectors_and_its_weightings(run: Trace) -> None:
    drawing = drawn(run)
    for kind, names, vectors in (
        ("write", run.layout.write_heads, ("Add vectors", "add_vector")),
        ("read", run.layout.read_heads, ("Read vectors", "read_vector")),
    ):
        for number, head in enumerate(names, 1):
            added = f", head {number}" if len(names) > 1 else ""
            title, field = vectors
            np.testing.assert_array_equal(titled(drawing, title + added).values, run.arrays[f"{head}.{field}"].T)
            shown = titled(drawing, f"{kind.capitalize()} weightings{added}")
            rows = [int(label.removeprefix("location ")) for label in shown.rows.labels]
            np.testing.assert_array_equal(shown.values, run.arrays[f"{head}.weighting"][:, rows].T)


def test_no_value_is_beyond_its_scale_and_zero_has_one_colour(run: Trace) -> None:
    for panel in drawn(run, View(step=2)).panels:
        assert panel.scale.low <= panel.values.min() + 1e-6, panel.title
        assert panel.values.max() - 1e-6 <= panel.scale.high, panel.title
        assert panel.scale.low in (0, -panel.scale.high)
        assert (panel.scale.colours == palette.SIGNED) == (panel.scale.low < 0)
    middle = len(palette.SIGNED) // 2
    assert len(palette.SIGNED) == 2 * middle + 1


def test_every_wrong_bit_is_marked_once_where_it_counts(run: Trace) -> None:
    marked = [(panel, cell) for panel in drawn(run).panels for cell in panel.errors]
    assert len(marked) == run.bit_errors > 0
    assert all(panel.title.startswith("Outputs") for panel, _ in marked)
    assert all(run.wrong[cell.column].any() for _, cell in marked)


def test_panels_stand_within_the_figure_and_apart(run: Trace) -> None:
    drawing = drawn(run, View(step=2))
    boxes = [panel.box for panel in drawing.panels]
    for at, box in enumerate(boxes):
        assert box.left >= 0
        assert box.right <= drawing.width
        assert box.bottom <= drawing.height
        for other in boxes[:at]:
            above, beside = box.top >= other.bottom, box.left >= other.right
            assert above or beside or other.top >= box.bottom or other.left >= box.right
    assert all(0 <= text.x <= drawing.width and 0 <= text.y <= drawing.height for text in drawing.texts)


def test_phases_have_brackets_by_their_role(run: Trace) -> None:
    spans = titled(drawn(run), "Inputs").spans
    assert [(span.start, span.stop) for span in spans] == [
        (phase.start, phase.stop) for phase in run.phases if phase.role != "delimiter"
    ]


def test_a_count_has_a_panel_and_a_scale_of_its_own(counted: Trace) -> None:
    count = titled(drawn(counted), "Inputs: count")
    np.testing.assert_array_equal(count.values[0], counted.arrays["inputs"][:, -1])
    assert count.scale.high >= count.values.max() > 1
    assert titled(drawn(counted), "Inputs").scale == palette.BIT
    assert [track.title for track in tracks(counted, "inputs", [])] == ["Input", "Input: count"]


def test_targets_are_shown_unless_the_inputs_show_them() -> None:
    for name, task in DRAWN.items():
        titles = [panel.title for panel in drawn(run_of(task)).panels]
        assert ("Targets" in titles) == (task.task != "copy"), name
    assert "Targets" in [panel.title for panel in drawn(run_of(DRAWN["two of each on an LSTM"]), View(step=1)).panels]


def test_the_memory_of_a_step_has_what_interventions_set_and_its_locations_are_shown(counted: Trace) -> None:
    changes = Applied(np.array([1, 3, 4]), np.array([8, 2, 2]), np.array([1, 0, 4]), np.array([7.0, -3.0, 2.0]))
    changed = replace(counted, applied=changes)
    memory = titled(drawn(changed, View(step=4)), "Memory at step 4")
    rows = [int(label.removeprefix("location ")) for label in memory.rows.labels]
    assert {8, 2} <= set(rows)
    np.testing.assert_allclose(memory.values, changed.memories()[4][rows], atol=1e-6)
    assert not np.allclose(memory.values, counted.memories()[4][rows], atol=1e-2)


def test_a_step_has_its_line_and_its_memory(run: Trace) -> None:
    step = run.steps - 2
    drawing = drawn(run, View(step=step))
    memory = titled(drawing, f"Memory at step {step}")
    rows = [int(label.removeprefix("location ")) for label in memory.rows.labels]
    np.testing.assert_allclose(memory.values, run.memories()[step][rows], atol=1e-6)
    for kind, heads in (("write", run.layout.write_heads), ("read", run.layout.read_heads)):
        strip = titled(drawing, f"{kind.capitalize()} weighting at step {step}")
        assert strip.columns.labels == heads
        for head, column in zip(heads, strip.values.T, strict=True):
            np.testing.assert_array_equal(column, run.arrays[f"{head}.weighting"][step, rows])
    over_time = [panel for panel in drawing.panels if panel.values.shape[1] == run.steps and "step" not in panel.title]
    assert {panel.cursor for panel in over_time} == {step}


def test_every_field_is_a_panel(run: Trace) -> None:
    for field in (field.name for field in run.layout.fields):
        drawing = drawn(run, View(panel=field))
        values = run.arrays[field].reshape(run.steps, -1).T
        shown = np.concatenate([panel.values for panel in drawing.panels])
        if field == "inputs":  # numbers that are no bits stand in a panel of their own, below
            kinds = [channel["kind"] for channel in run.about["input_channels"]]
            values = np.concatenate([values[[(kind in PLAIN) is plain for kind in kinds]] for plain in (True, False)])
        if "weighting" in field and "shift_" not in field:
            assert len(shown) <= len(values)
        else:
            np.testing.assert_array_equal(shown, values, err_msg=field)


def test_who_wrote_what_is_read_is_a_panel_of_every_read_head(run: Trace) -> None:
    for number, head in enumerate(run.layout.read_heads, 1):
        (panel,) = drawn(run, View(step=4, panel=f"{head}.origins")).panels
        assert panel.title == "Who wrote what is read" + (f", head {number}" if len(run.layout.read_heads) > 1 else "")
        np.testing.assert_allclose(panel.values, explain_reads(run, head).writes.T, atol=1e-6)
        assert panel.cursor == 4


def test_rows_are_those_that_are_asked_for(run: Trace) -> None:
    for rows, expected in (("all", range(12)), ("3-5", [3, 4, 5]), ("10-1", [10, 11, 0, 1]), ("7-7", [7])):
        labels = drawn(run, View(rows=rows, panel=f"{run.layout.heads[0].name}.weighting")).panels[0].rows.labels
        assert labels == tuple(f"location {row}" for row in expected), rows


REFUSED = [
    (View(step=8), "step", "step is 8; this run has the steps 0 to 7."),
    (View(step=-1), "step", "step is -1; this run has the steps 0 to 7."),
    (
        View(panel="write3.key"),
        "panel",
        "This run has no panel “write3.key”; it has inputs, targets, outputs, controller.hidden",
    ),
    (View(panel="memory"), "step", "The memory is that of a step: give step as well."),
    (
        View(rows="some"),
        "rows",
        "rows is “some”; it must be used, all, or the first and the last location",
    ),
    (View(rows="0-12"), "rows", "rows is “0-12”; it must be used, all, or"),
    (View(rows="−1-3"), "rows", "rows is “−1-3”; it must be used, all, or"),
]


@pytest.mark.parametrize(("view", "field", "sentence"), REFUSED)
def test_what_a_run_has_not_is_refused_in_one_sentence(view: View, field: str, sentence: str) -> None:
    run = run_of(DRAWN["two of each on an LSTM"])
    with pytest.raises(InvalidRequest) as refused:
        view.check(run.steps, 12, panels_of(run.layout))
    assert refused.value.field == field
    assert refused.value.detail.startswith(sentence)


def test_more_locations_than_a_picture_has_room_for_are_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"^A picture shows at most 1,024 locations, and rows asks for 4,096; ask"):
        View(rows="all").check(8, 4096, [])


def test_pieces_are_the_same_file(counted: Trace) -> None:
    view = View(step=3)
    drawing = verification(counted, DOCUMENT, None, view, found=limits(counted, view.locations(counted)))
    assert b"".join(svg_pieces(counted, DOCUMENT, {}, view)) == svg(drawing)
    assert b"".join(png_pieces(counted, DOCUMENT, {}, view)) == png(drawing)
    memories = counted.memories()
    assert limits(counted, range(12)) == pytest.approx((min(0, memories.min()), memories.max()), abs=1e-5)

"""The animation, read back by Pillow."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tapedeck.checkpoints import Checkpoint
from tapedeck.figures import palette
from tapedeck.figures.animation import canvas, colours, frame_count, gif, gif_pieces
from tapedeck.figures.animation.layout import Panel
from tapedeck.figures.animation.scene import Scene
from tapedeck.figures.memory import moments
from tapedeck.parts import whole
from tapedeck.tracing import Trace
from tapedeck.tracing.narration import narrate
from tests.figures.machines import DOCUMENT, DRAWN, Drawn, run_of

Pixels = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def scene(trace: Trace, checkpoint: Checkpoint) -> Scene:
    return whole(Scene.of(trace, checkpoint.info.document()))


@pytest.fixture(scope="module")
def data(trace: Trace, checkpoint: Checkpoint) -> bytes:
    return b"".join(gif_pieces(trace, checkpoint.info.document(), {}))


@pytest.fixture
def image(data: bytes) -> Iterator[Image.Image]:
    with Image.open(io.BytesIO(data)) as image:
        yield image


def frame(image: Image.Image, step: int) -> Pixels:
    image.seek(step)
    return np.asarray(image.convert("RGB"))


def titled(scene: Scene, title: str) -> Panel:
    return next(panel for panel in scene.panels if panel.title == title)


def rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def test_has_a_frame_a_step_and_stands_still_at_the_end(image: Image.Image, trace: Trace, scene: Scene) -> None:
    assert getattr(image, "n_frames", 1) == trace.steps == frame_count(trace)
    assert image.size == scene.ground.shape[::-1]
    durations = []
    for step in range(trace.steps):
        image.seek(step)
        durations.append(image.info["duration"])
    assert durations == [gif.STEP_MS] * (trace.steps - 1) + [gif.LAST_MS]
    assert image.info["loop"] == 0


def test_says_which_machine_it_is_of(data: bytes, image: Image.Image, checkpoint: Checkpoint) -> None:
    assert image.info["comment"] == f"Tapedeck: small, sha256 {checkpoint.info.sha256}".encode()
    assert data.startswith(b"GIF89a")
    assert data.endswith(b";")


def test_what_is_read_back_is_what_was_drawn(image: Image.Image, trace: Trace, scene: Scene) -> None:
    """Though each frame holds only what differs from the one before."""
    shades = np.frombuffer(colours.PALETTE, np.uint8).reshape(256, 3)
    for moment in moments(trace, scene.rows, range(trace.steps)):
        np.testing.assert_array_equal(frame(image, moment.step), shades[scene.frame(moment)], err_msg=str(moment.step))


def test_cells_have_the_colours_of_their_values(image: Image.Image, trace: Trace, scene: Scene) -> None:
    last = frame(image, trace.steps - 1)
    inputs = scene.panels[0]
    box, rows = inputs.box, len(inputs.values)
    for step in range(trace.steps - 1):
        for row in range(rows):
            y = box.y + int((row + 0.5) * box.height / rows)
            expected = palette.INK if trace.arrays["inputs"][step, row] > 0.5 else palette.BIT.colours[0]
            assert last[y, canvas.middle(box, step, trace.steps)].tolist() == rgb(expected), (step, row)


def test_what_is_not_played_yet_is_behind_the_curtain(image: Image.Image, trace: Trace, scene: Scene) -> None:
    box = titled(scene, "Write weighting").box
    place = box.y + 2, canvas.middle(box, trace.steps - 2, trace.steps)
    veiled, seen = (frame(image, step)[place].astype(int) for step in (0, trace.steps - 1))
    assert veiled.sum() > seen.sum()


def test_the_memory_is_the_one_at_the_step(trace: Trace, scene: Scene) -> None:
    memory = trace.initial.memory.astype(float)
    write, erase, add = (trace.arrays[f"write.{name}"] for name in ("weighting", "erase_vector", "add_vector"))
    for moment in moments(trace, scene.rows, range(trace.steps)):
        t = moment.step
        memory = memory * (1 - np.outer(write[t], erase[t])) + np.outer(write[t], add[t])
        np.testing.assert_allclose(moment.memory, memory[scene.rows], atol=1e-5)


def test_every_wrong_bit_is_crossed_out(image: Image.Image, trace: Trace, scene: Scene) -> None:
    last, output = frame(image, trace.steps - 1), titled(scene, "Output")
    box, wrong = output.box, trace.wrong[: trace.steps - 1]  # on the last step stands the playhead
    for step, bit in np.argwhere(wrong):
        y = box.y + int((bit + 0.5) * box.height / len(output.values))
        assert last[y, canvas.middle(box, int(step), trace.steps)].tolist() == rgb(palette.ERROR)
    assert wrong.any()


def test_a_long_run_leaves_out_steps(trace: Trace, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gif, "MOST_FRAMES", 5)
    with Image.open(io.BytesIO(b"".join(gif_pieces(trace, checkpoint.info.document(), {})))) as image:
        assert getattr(image, "n_frames", 1) == frame_count(trace) == 5


def test_any_name_and_any_training_can_be_drawn(trace: Trace, checkpoint: Checkpoint) -> None:
    info = replace(checkpoint.info, id="名前 \n" + 300 * "x", sequences_seen=None)
    with Image.open(io.BytesIO(b"".join(gif_pieces(trace, info.document(), {})))) as image:
        assert len(image.info["comment"]) <= 255
        assert getattr(image, "n_frames", 1) == trace.steps


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=list(DRAWN))
def test_any_run_is_animated_with_all_its_heads(drawn: Drawn) -> None:
    trace = run_of(drawn)
    made = whole(Scene.of(trace, DOCUMENT))
    with Image.open(io.BytesIO(b"".join(gif_pieces(trace, DOCUMENT, {})))) as image:
        assert getattr(image, "n_frames", 1) == trace.steps
        assert image.size == made.ground.shape[::-1]
        last = frame(image, trace.steps - 1).astype(int)
    fields = {panel.track.field for panel in made.panels}
    assert fields >= {f"{head.name}.weighting" for head in trace.layout.heads}
    assert fields >= {f"{head}.read_vector" for head in trace.layout.read_heads}
    # Of both signs: purple below zero, green above, at every cell of the first add vectors but the last.
    panel = next(panel for panel in made.panels if panel.track.role == "add")
    rows, steps = panel.values.shape
    for row, step in np.argwhere(np.abs(panel.values[:, : steps - 1]) > 0.4 * panel.scale.high):
        y = panel.box.y + int((row + 0.5) * panel.box.height / rows)
        red, green, _ = last[y, canvas.middle(panel.box, int(step), steps) - 2]
        assert (green > red) == (panel.values[row, step] > 0), (row, step)


def test_of_cells_that_share_a_pixel_the_farthest_from_zero_is_shown() -> None:
    values = np.zeros((1, 1000), dtype=np.float32)
    values[0, 437], values[0, 811] = -1, 0.5
    scale = palette.scale("content", -1, 1)
    shown = canvas.blank(100, 4)
    canvas.cells(shown, canvas.Box(0, 0, 100, 4), values, scale)
    ramp = colours.Ramp.of(scale)
    assert shown[0, 43] == ramp.first
    assert shown[0, 81] > ramp.zero
    assert (np.delete(shown[0], [43, 81]) == ramp.zero).all()


def test_the_story_comes_with_the_step_and_the_verdict_at_the_end(
    image: Image.Image, trace: Trace, scene: Scene
) -> None:
    box, result = titled(scene, "Output").box, scene.layout.result
    last = trace.steps - 1
    for step in (0, last // 2):
        after = canvas.edge(box, step + 1, trace.steps)
        assert (frame(image, step)[box.y : box.bottom, after : box.right] == 255).all(), "what is to come out"
    where = slice(result.y - 30, result.y + 40), slice(result.x, result.right)
    assert (frame(image, last - 1)[where] == 255).all()
    assert not (frame(image, last)[where] == 255).all()


def test_each_frame_has_the_sentence_of_its_step(trace: Trace, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = list[str]()
    letters = canvas.letters

    def noted(said: str, size: int, *, bold: bool = False) -> npt.NDArray[np.uint8]:
        drawn.append(said)
        return letters(said, size, bold=bold)

    monkeypatch.setattr(canvas, "letters", noted)
    for moment in moments(trace, scene.rows, range(trace.steps)):
        scene.frame(moment)
    told = [said for said in drawn if said.startswith("Step ")]
    assert len(told) == trace.steps
    for said, sentence in zip(told, narrate(trace), strict=True):
        assert said.partition(",")[0] == sentence.replace(" ✓", ", right").replace("–", "-").partition(",")[0]
        assert all(" " <= sign <= "~" or sign in "·…‘’" for sign in said), "signs that the font has"

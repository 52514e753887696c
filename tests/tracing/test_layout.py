"""The columns of a row: which, in which order, and none twice."""

from __future__ import annotations

import torch

from tapedeck.ntm import NeuralTM, NTMConfig, ReadTrace, WriteTrace
from tapedeck.tracing import Layout, prepare

ADDRESSING = [
    ("weighting", 6), ("content_weighting", 6), ("gated_weighting", 6), ("shifted_weighting", 6), ("key", 4),
    ("key_strength", 1), ("interpolation_gate", 1), ("sharpening", 1), ("shift_weighting", 3),
]  # fmt: skip

CONFIG = NTMConfig(locations=9, width=4, bits=3, controller_size=2)


def test_the_fields_are_the_contracts_in_the_contracts_order() -> None:
    layout = Layout.of(CONFIG.spec, locations=6)
    assert [(field.name, field.length) for field in layout.fields] == [
        ("inputs", 5),
        ("targets", 5),
        ("outputs", 5),
        *((f"write.{name}", length) for name, length in ADDRESSING),
        ("write.erase_vector", 4),
        ("write.add_vector", 4),
        *((f"read.{name}", length) for name, length in ADDRESSING),
        ("read.read_vector", 4),
        ("controller.hidden", 2),
    ]
    assert layout.heads == CONFIG.heads


def test_the_columns_lie_side_by_side() -> None:
    layout, stop = Layout.of(CONFIG.spec, locations=6), 0
    for field, columns in layout.columns:
        assert (columns.start, columns.stop) == (stop, stop + field.length)
        stop = columns.stop
    assert stop == layout.row_length == 3 * 5 + 2 * (4 * 6 + 4 + 3 + 3) + 3 * 4 + 2


def test_only_numbers_that_are_one_a_step_are_scalars() -> None:
    scalars = {field.name for field in Layout.of(CONFIG.spec, locations=6).fields if not field.shape}
    of_a_head = {"key_strength", "interpolation_gate", "sharpening"}
    assert scalars == {f"{head}.{name}" for head in ("write", "read") for name in of_a_head}
    narrow = Layout.of(NTMConfig(width=1, bits=1, controller_size=1).spec, 6).fields
    assert all(field.shape for field in narrow if "vector" in field.name or "hidden" in field.name)


def test_a_row_holds_every_number_where_the_layout_says() -> None:
    torch.manual_seed(0)
    machine = NeuralTM(CONFIG)
    run = prepare(machine.eval().requires_grad_(requires_grad=False), "copy", [[1, 0, 1]])
    x, target = run.episode.inputs[0], run.episode.targets[0]
    output, _, step = machine.step(x, machine.initial_state())
    recorded = torch.from_numpy(next(run.frames()).rows[0])
    written, found = step.heads
    assert isinstance(written, WriteTrace)
    assert isinstance(found, ReadTrace)
    expected = {"inputs": x, "targets": target, "outputs": output}
    expected |= {"write.erase_vector": written.erase_vector, "write.add_vector": written.add_vector}
    expected |= {"read.read_vector": found.read_vector, "controller.hidden": step.hidden}
    expected |= {f"write.{name}": value for name, value in written.addressing._asdict().items()}
    expected |= {f"read.{name}": value for name, value in found.addressing._asdict().items()}
    columns = {field.name: where for field, where in Layout.of(CONFIG.spec, CONFIG.locations).columns}
    assert columns.keys() == expected.keys()
    for name, value in expected.items():
        assert torch.equal(recorded[columns[name]], value), name


def test_a_layout_is_made_once_for_each_machine_and_number_of_locations() -> None:
    spec = NTMConfig(locations=6, width=4, bits=3, controller_size=5).spec
    again = NTMConfig(locations=6, width=4, bits=3, controller_size=5).spec
    assert Layout.of(spec, 6) is Layout.of(again, 6)
    assert Layout.of(spec, 6) != Layout.of(spec, 7)
    assert Layout.of(spec, 6) != Layout.of(spec, 6, foretold=True)

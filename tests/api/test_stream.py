"""WS /api/stream: the same run, step by step while it is computed."""

from __future__ import annotations

from pathlib import Path
from socket import SHUT_RDWR
from time import monotonic
from typing import Any

import numpy as np
import pytest

from tapedeck.checkpoints import read_checkpoint
from tapedeck.tasks.verdicts.copy import symptoms
from tapedeck.tracing import prepare, provenance, verdicts
from tests.api.client import WAIT, Service, Talk, vectors
from tests.api.conftest import ID, Gate, Serve
from tests.verdicts import verdict_on


@pytest.mark.parametrize(("length", "locations"), [(1, None), (7, 3), (60, 128), (5, 4096)])
def test_streams_the_numbers_of_the_trace(service: Service, folder: Path, length: int, locations: int | None) -> None:
    sequence = vectors(length, seed=length)
    machine = read_checkpoint(folder / f"{ID}.safetensors").machine
    trace = prepare(machine, "copy", sequence, locations).trace()
    with service.socket() as talk:
        talk.run(sequence, checkpoint=ID, locations=locations)
        streamed = talk.whole()
    said = verdict_on(trace, machine).document()
    assert streamed.last == {
        "type": "done",
        "wrong": trace.bit_errors,
        "score": {
            "wrong_bits": trace.bit_errors,
            "bits": 8 * length,
            "bit_error_rate": trace.bit_errors / (8 * length),
        },
        "diagnosis": said,
    }
    assert streamed.arrays.keys() == trace.arrays.keys()
    for name, expected in trace.arrays.items():
        got = streamed.arrays[name]
        np.testing.assert_array_equal(got.reshape(expected.shape), expected, err_msg=name, strict=True)


def test_what_comes_of_a_run_is_the_same_made_in_the_smallest_parts(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the run were so long that every moment of its verdict and of its explanation had to be a turn."""
    service, sequence = serve(), vectors(20)
    request = {"checkpoint": ID, "sequence": sequence, "locations": 9}

    def answers() -> tuple[dict[str, Any], ...]:
        with service.socket() as talk:
            talk.run(sequence, checkpoint=ID, locations=9)
            streamed = talk.whole().last
        paths = [("/api/trace", request), ("/api/provenance", request | {"step": 30})]
        return streamed, *(service.http.post(path, json=asked).json() for path, asked in paths)

    whole = answers()
    assert len(whole[0]["diagnosis"]["marks"]) > 1
    for module, name in ((verdicts, "PART_NUMBERS"), (symptoms, "PART_NUMBERS"), (provenance, "PART_WORK")):
        monkeypatch.setattr(module, name, 1)
    assert answers() == whole


def test_the_header_is_the_description_of_the_trace(service: Service) -> None:
    request = {"checkpoint": ID, "input": {"sequence": vectors(3)}}
    whole = service.http.post("/api/trace", json=request).json()
    with service.socket() as talk:
        talk.run(vectors(3), checkpoint=ID)
        header = talk.whole().header
    assert header.pop("type") == "header"
    assert header == {name: whole[name] for name in header}
    assert list(header) == [
        *("version", "checkpoint", "task", "input", "steps", "locations", "width", "input_channels"),
        *("output_channels", "phases", "scored", "heads", "memory", "output", "fields", "engine", "interventions"),
    ]
    shapes = {field["name"]: field["shape"] for field in header["fields"]}
    assert [shapes[name] for name in ("inputs", "write.weighting", "write.key_strength", "controller.hidden")] == [
        *([10], [12], [], [7])
    ]


def test_what_is_written_once_of_a_machine_is_of_no_other_run(service: Service) -> None:
    """The second header of a plain run is written from what was kept; another size, or changes, are written anew."""
    changes = [{"kind": "set", "target": "initial.memory", "rows": [0, 1], "value": 1.0}]
    given = {"sequence": vectors(3)}
    asked: list[dict[str, Any]] = [{}, {"locations": 20}, {"interventions": changes}, {}]
    with service.socket() as talk:
        for fields in asked:
            talk.run(vectors(3), checkpoint=ID, **fields)
            header = talk.whole().header
            whole = service.http.post("/api/trace", json={"checkpoint": ID, "input": given, **fields}).json()
            assert header == {"type": "header", **{name: whole[name] for name in header if name != "type"}}


def test_the_memory_can_be_rebuilt_from_the_frames(service: Service, folder: Path) -> None:
    sequence = vectors(30)
    machine = read_checkpoint(folder / f"{ID}.safetensors").machine
    run = prepare(machine, "copy", sequence)
    state = machine.initial_state()
    with service.socket() as talk:
        talk.run(sequence, checkpoint=ID)
        streamed = talk.whole()
    memory = np.array(streamed.header["memory"]["start"], np.float32)
    arrays = streamed.arrays
    for step in range(run.episode.steps):
        w, e, a = (arrays[f"write.{name}"][step] for name in ("weighting", "erase_vector", "add_vector"))
        memory = memory * (1 - np.outer(w, e)) + np.outer(w, a)
        _, state, _ = machine.step(run.episode.inputs[step], state)
        np.testing.assert_allclose(memory, state.memory.numpy(), rtol=0, atol=2e-6)


def test_frames_leave_before_the_next_steps_are_computed(serve: Serve, gate: Gate) -> None:
    """The machine stands before its second step, and later before others; what is computed has arrived."""
    with serve().socket() as talk:
        talk.run(vectors(60), checkpoint=ID)
        assert talk.message()["type"] == "header"
        for turn in ([(0, 1)], [(1, 16), (17, 16)], [(33, 16), (49, 16), (65, 16), (81, 16)]):
            gate.let(sum(count for _, count in turn))
            for first, count in turn:
                got, total, rows = talk.frame()
                assert (got, len(rows), total) == (first, count, 122)
            assert gate.steps == first + count
        gate.open()


def test_cancelling_stops_the_computing(serve: Serve, gate: Gate) -> None:
    with serve(workers=1).socket() as talk:
        talk.run(vectors(1000), checkpoint=ID)
        assert talk.message()["type"] == "header"
        gate.let(33)
        for _ in range(3):
            talk.frame()
        talk.send(type="cancel")
        assert talk.message() == {"type": "cancelled"}
        gate.open()
        talk.run(vectors(1), checkpoint=ID)  # has the only worker to itself, so whatever was begun before is over
        assert talk.whole().last["type"] == "done"
    frames_in_the_making = 4 * 16
    assert gate.steps <= 33 + frames_in_the_making + 4


def test_a_dropped_client_stops_the_computing(serve: Serve, gate: Gate) -> None:
    service = serve(max_concurrent_runs=1, max_wait=0.05, workers=2)
    with service.socket() as gone, service.socket() as other:
        gone.run(vectors(1000), checkpoint=ID)
        assert gone.message()["type"] == "header"
        gate.let(1)
        gone.frame()
        other.run(vectors(1), checkpoint=ID)
        assert other.error()["code"] == "too_many_runs"
        gone.socket.socket.shutdown(SHUT_RDWR)  # without a closing handshake, as when a program dies
        header = _header_when_there_is_room(other)
        gate.open()
        assert other.whole(header).last["type"] == "done"
    assert gate.steps <= 1 + 2 * 16 + 4


def test_a_client_that_takes_nothing_loses_its_run(serve: Serve) -> None:
    service = serve(max_concurrent_runs=1, max_wait=0.05, send_timeout=0.1)
    with service.socket(close_timeout=0.1) as asleep, service.socket() as other:
        asleep.run(vectors(1000), checkpoint=ID, locations=4096)  # 300 MB, more than any buffer on the way holds
        assert asleep.message()["type"] == "header"
        header = _header_when_there_is_room(other)
        assert other.whole(header).last["type"] == "done"


def test_any_number_of_runs_one_after_another(service: Service) -> None:
    with service.socket() as talk:
        for length in (3, 1, 20, *[1] * 50):
            talk.run(vectors(length), checkpoint=ID)
            streamed = talk.whole()
            assert streamed.header["steps"] == len(np.concatenate(streamed.frames)) == 2 * length + 2
            assert streamed.last["type"] == "done"


def test_the_same_runs_on_other_machines_after_the_first(service: Service) -> None:
    with service.socket() as talk:
        talk.run(vectors(20), checkpoint=ID, then=[ID, "nobody", ID])
        first, second = talk.whole(), talk.whole()
        assert second.header == first.header
        np.testing.assert_array_equal(np.concatenate(second.frames), np.concatenate(first.frames))
        assert talk.error()["code"] == "checkpoint_not_found"
        talk.run(vectors(400), checkpoint=ID, then=[ID] * 3)  # as soon as the others are given up
        talk.message()
        talk.send(type="cancel")
        assert talk.end() == "cancelled"
        talk.run(vectors(1), checkpoint=ID)
        assert talk.whole().header["steps"] == 4


def test_a_cancel_and_the_next_run_may_come_at_once(service: Service) -> None:
    """As a page does it that has something newer to show."""
    with service.socket() as talk:
        for length in (400, 300, 200, 2):
            talk.run(vectors(length), checkpoint=ID)
            if length > 2:
                talk.send(type="cancel")
        assert [talk.end() for _ in range(4)] == ["cancelled", "cancelled", "cancelled", "done"]


def test_a_cancel_with_nothing_going_on_is_passed_over(service: Service) -> None:
    with service.socket() as talk:
        talk.send(type="cancel")
        talk.run(vectors(1), checkpoint=ID)
        assert talk.whole().last["type"] == "done"
        talk.send(type="cancel")
        talk.run(vectors(1), checkpoint=ID)
        assert talk.message()["type"] == "header"


def test_a_second_run_at_once_is_refused_and_the_first_goes_on(serve: Serve, gate: Gate) -> None:
    with serve().socket() as talk:
        talk.run(vectors(2), checkpoint=ID)
        assert talk.message()["type"] == "header"
        talk.run(vectors(3), checkpoint=ID)
        assert talk.error()["code"] == "run_in_progress"
        gate.open()
        rows = [talk.frame()[2] for _ in range(2)]
        assert sum(map(len, rows)) == 6
        assert talk.message()["type"] == "done"


def test_runs_take_turns(serve: Serve) -> None:
    """On one worker, a short run that starts later is over long before the long one."""
    service = serve(workers=1)
    with service.socket() as long, service.socket() as short:
        long.run(vectors(1000), checkpoint=ID)
        assert long.message()["type"] == "header"
        short.run(vectors(2), checkpoint=ID)
        assert short.end() == "done"
        long.send(type="cancel")
        assert long.end() == "cancelled"


def _header_when_there_is_room(talk: Talk) -> dict[str, Any]:
    late = monotonic() + WAIT
    while monotonic() < late:
        talk.run(vectors(1), checkpoint=ID)
        message = talk.message()
        if message["type"] == "header":
            return message
        assert message["error"]["code"] == "too_many_runs"
    pytest.fail("The run of the client that left still takes up its place.")

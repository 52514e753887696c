"""Evaluations: compiled, on as many threads as there are, they count what torch counts."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.compiled.fitness import FITNESS, Measured
from tapedeck.compiled.loading import KERNELS
from tapedeck.compiled.running import CompiledBatch
from tapedeck.compiled.settings import ENGINE
from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.training import batches
from tapedeck.training.evaluation import Plan, Result, evaluate
from tapedeck.training.unroll import unroll


@pytest.mark.usefixtures("chosen")
@pytest.mark.parametrize("name", ["copy-1", "copy-1-000400"])
def test_a_compiled_evaluation_counts_the_same_wrong_bits_of_each_sequence(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the machine that is half trained, many outputs come close to ½: there torch decides."""
    machine, plan = CheckpointLibrary(SHIPPED_CHECKPOINTS).get(name).machine, Plan({"length": (20,)}, sequences=60)
    threads = list[int]()

    def watched(*arguments: object) -> CompiledBatch:
        threads.append(arguments[-1])  # type: ignore[arg-type]
        return CompiledBatch(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "CompiledBatch", watched)
    (compiled,) = evaluate(machine, "copy", plan)
    assert set(threads) == {torch.get_num_threads()}
    monkeypatch.setenv(ENGINE, "torch")
    (torchs,) = evaluate(machine, "copy", plan)
    assert isinstance(compiled, Result)
    assert isinstance(torchs, Result)
    assert compiled.margin == pytest.approx(torchs.margin, abs=1e-5)
    assert replace(compiled, margin=0) == replace(torchs, margin=0)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_batch_on_any_number_of_threads_goes_on_from_stretch_to_stretch(threads: int) -> None:
    torch.manual_seed(2)
    machine = NeuralTM(NTMConfig(locations=9, width=4, bits=2, controller_size=6)).eval()
    inputs = torch.rand(7, 4, 4)
    batch = CompiledBatch(machine, machine.initial_state(), 4, threads)
    found = torch.cat([batch.advance(part)[0] for part in (inputs[:3], inputs[3:6], inputs[6:])])
    with torch.inference_mode():
        expected, _ = unroll(machine, inputs, machine.initial_state(4))
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.usefixtures("chosen")
def test_torch_counts_for_a_machine_of_which_a_sampled_run_came_out_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = NeuralTM(NTMConfig(locations=9, width=4, bits=2, controller_size=6)).eval()
    monkeypatch.setattr(FITNESS, "measure", lambda *_: Measured(None, steady=False))
    monkeypatch.setattr(FITNESS, "found", lambda *_: Measured(None, steady=False))
    monkeypatch.setattr(KERNELS, "_advance", None)  # whoever called it would fail
    monkeypatch.setattr(KERNELS, "load", lambda: True)
    assert len(list(evaluate(machine, "copy", Plan({"length": (2,)}, sequences=2)))) == 1

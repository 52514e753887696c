"""A machine over a batch of episodes with nothing recorded: what evaluation and validation run.

The outputs are those of `NeuralTM.forward`, and so are their gradients. What does not depend on the step before is
computed for all steps at once: the input's share of the controller, and the output from the read vectors.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from backend.ntm import NeuralTM, NTMState
from backend.ntm.head import Projection
from backend.tasks import Episode


def _cell(
    machine: NeuralTM,
    driven: Float[Tensor, "*batch H"],
    state: NTMState,
    recurrent: Float[Tensor, "H W"],
    projection: Projection,
) -> NTMState:
    """One step without its output, from the input's share of the controller (`driven`, before the relu)."""
    hidden = torch.relu(driven + functional.linear(state.read_vector, recurrent))
    for_write, for_read = projection.project(hidden)
    written, memory = machine.writehead(for_write, state.memory, state.write_weighting)
    found = machine.readhead(for_read, memory, state.read_weighting)
    return NTMState(memory, written.addressing.weighting, found.addressing.weighting, found.read_vector)


def unclamped_outputs(
    machine: NeuralTM, inputs: Float[Tensor, "T *batch C"], *, locations: int | None = None
) -> Float[Tensor, "T *batch C"]:
    """The outputs of every step, before their clamp.

    Raises:
        InvalidLocations: fewer than 3 locations, or too few for where this machine starts.
    """
    outputs, _ = unroll(machine, inputs, machine.initial_state(*inputs.shape[1:-1], locations=locations))
    return outputs


def unroll(
    machine: NeuralTM, inputs: Float[Tensor, "T *batch C"], state: NTMState
) -> tuple[Float[Tensor, "T *batch C"], NTMState]:
    """The outputs of a stretch of steps, before their clamp, and the state after it."""
    layer = machine.controller.layer1
    from_input, recurrent = layer.weight.split_with_sizes([machine.config.channels, machine.config.width], dim=1)
    driven = functional.linear(inputs, from_input, layer.bias)
    projection = machine.projection()
    read_vectors = []
    for x in driven.unbind():
        state = _cell(machine, x, state, recurrent, projection)
        read_vectors.append(state.read_vector)
    outputs: Tensor = machine.r_to_s(torch.stack(read_vectors))
    return outputs, state


def outputs_together(
    machine: NeuralTM, episodes: Sequence[Episode], *, locations: int | None = None
) -> list[Float[Tensor, "T batch C"]]:
    """The outputs of batches of any lengths, before their clamp, in one pass and without gradients.

    The shorter ones get silent steps at their end, which change nothing of what came before, and are cut off again.
    """
    longest = max(episode.steps for episode in episodes)
    padded = [functional.pad(each.inputs, (0, 0, 0, 0, 0, longest - each.steps)) for each in episodes]
    with torch.inference_mode():
        outputs = unclamped_outputs(machine, torch.cat(padded, dim=1), locations=locations)
    columns = outputs.split_with_sizes([each.inputs.shape[1] for each in episodes], dim=1)
    return [part[: each.steps] for part, each in zip(columns, episodes, strict=True)]

"""A machine over a batch of episodes with nothing recorded: what evaluation and validation run.

The outputs are those of `NeuralTM.forward`, and so are their gradients. What does not depend on the step before is
computed for all steps at once: the input's share of the controller, and the output.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from tapedeck.ntm import NeuralTM, State
from tapedeck.ntm.activations import ACTIVATIONS
from tapedeck.tasks import Episode


def unclamped_outputs(
    machine: NeuralTM, inputs: Float[Tensor, "T *batch C"], *, locations: int | None = None
) -> Float[Tensor, "T *batch O"]:
    """The outputs of every step, before their activation.

    Raises:
        InvalidLocations: fewer than 3 locations, or too few for where this machine starts.
    """
    outputs, _ = unroll(machine, inputs, machine.initial_state(*inputs.shape[1:-1], locations=locations))
    return outputs


def unroll(
    machine: NeuralTM, inputs: Float[Tensor, "T *batch C"], state: State
) -> tuple[Float[Tensor, "T *batch O"], State]:
    """The outputs of a stretch of steps, before their activation, and the state after it."""
    shares, recurrent = machine.controller.input_share(inputs), machine.controller.recurrent()
    projection = machine.projection()
    seen = []
    for x, share in zip(inputs.unbind(), shares.unbind(), strict=True):
        driven = machine.controller.advance(share, recurrent, state.reads, state.controller)
        _, state = machine.act(x, driven, state, projection)
        seen.append(machine.seen(machine.spec.output.terms, x, driven, state.reads))
    outputs: Tensor = machine.output_layer(torch.stack(seen))
    return outputs, state


def activated(machine: NeuralTM, outputs: Float[Tensor, "*any O"]) -> Float[Tensor, "*any O"]:
    """What the machine answers: its outputs after their activation, which alone can be compared with targets."""
    return ACTIVATIONS[machine.spec.output.activation].function(outputs)


def outputs_together(
    machine: NeuralTM, episodes: Sequence[Episode], *, locations: int | None = None
) -> list[Float[Tensor, "T batch O"]]:
    """The outputs of batches of any lengths, before their activation, in one pass and without gradients.

    The shorter ones get silent steps at their end, which change nothing of what came before, and are cut off again.
    """
    longest = max(episode.steps for episode in episodes)
    padded = [functional.pad(each.inputs, (0, 0, 0, 0, 0, longest - each.steps)) for each in episodes]
    with torch.inference_mode():
        outputs = unclamped_outputs(machine, torch.cat(padded, dim=1), locations=locations)
    columns = outputs.split_with_sizes([each.inputs.shape[1] for each in episodes], dim=1)
    return [part[: each.steps] for part, each in zip(columns, episodes, strict=True)]

"""The controller: from the input and what was read last to the hidden vector that drives the heads."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from backend.ntm.linear import linear


class Controller(nn.Module):
    """A feed-forward controller of one layer. Its parameter names are the reference's."""

    def __init__(self, channels: int, width: int, controller_size: int) -> None:
        super().__init__()
        self.layer1 = nn.Linear(channels + width, controller_size)

    def forward(
        self, x: Float[Tensor, "*batch C"], prev_read_vector: Float[Tensor, "*batch W"]
    ) -> Float[Tensor, "*batch H"]:
        """h = relu(layer1([x, r₋₁]))."""
        layer = self.layer1
        return torch.relu(linear(torch.cat([x, prev_read_vector], dim=-1), layer.weight, layer.bias))

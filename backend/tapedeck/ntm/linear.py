"""An affine layer: what torch has for it, and for a single run a form that is faster."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional


def linear(
    x: Float[Tensor, "*batch I"], weight: Float[Tensor, "O I"], bias: Float[Tensor, " O"]
) -> Float[Tensor, "*batch O"]:
    """W x + b.

    A single vector's product is rounded before the bias is added, as the reference's is, and takes half the time of
    torch's function; calling a module would take longer still.
    """
    if x.dim() == 1:
        return torch.mv(weight, x) + bias
    return functional.linear(x, weight, bias)

"""Patterns of sequences: what a machine is trained on and judged by.

A person who tries a machine types anything but independent fair bits: nothing, everything, one bit, one vector again
and again. Every kind here is one function from a random generator to sequences of 0s and 1s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.training.fields import check_real

LONGEST_MOTIF = 4
"""Vectors of the motif that a repeated sequence repeats."""

SPARSE_DENSITY = 0.1
"""The greatest share of 1s in a sparse sequence; a dense one has as few 0s."""

Bits = Float[Tensor, "L count bits"]
Pattern = Callable[[Generator, int, int, int], Tensor]
"""(generator, L, count, bits) -> [L, count, bits] of 0s and 1s."""


def random(generator: Generator, length: int, count: int, bits: int) -> Bits:
    """Fair, independent bits."""
    return torch.randint(2, (length, count, bits), generator=generator).float()


def any_density(generator: Generator, length: int, count: int, bits: int) -> Bits:
    """Independent bits; each sequence has its own share of 1s, from 0 to 1."""
    return _independent(generator, length, count, bits, torch.rand(count, generator=generator))


def sparse(generator: Generator, length: int, count: int, bits: int) -> Bits:
    """Few 1s: each sequence has its own share of them, at most 0.1."""
    return _independent(generator, length, count, bits, SPARSE_DENSITY * torch.rand(count, generator=generator))


def dense(generator: Generator, length: int, count: int, bits: int) -> Bits:
    """Few 0s: each sequence has its own share of them, at most 0.1."""
    return 1 - sparse(generator, length, count, bits)


def zeros(generator: Generator, length: int, count: int, bits: int) -> Bits:
    """Every bit 0."""
    return torch.zeros(length, count, bits)


def ones(generator: Generator, length: int, count: int, bits: int) -> Bits:
    """Every bit 1."""
    return torch.ones(length, count, bits)


def one_hot(generator: Generator, length: int, count: int, bits: int) -> Bits:
    """Every vector with a single 1 at a random place."""
    places = torch.randint(bits, (length, count), generator=generator)
    return torch.nn.functional.one_hot(places, bits).float()


def repeated(generator: Generator, length: int, count: int, bits: int) -> Bits:
    """A motif of 1 to 4 vectors of any density, repeated to the end."""
    motif = any_density(generator, LONGEST_MOTIF, count, bits)
    periods = torch.randint(1, LONGEST_MOTIF + 1, (count,), generator=generator)
    places = torch.arange(length).unsqueeze(-1) % periods
    return motif.gather(0, places.unsqueeze(-1).expand(length, count, bits))


def edge_rows(generator: Generator, length: int, count: int, bits: int) -> Bits:
    """The first and the last vector stand out: they alone hold bits, or they alone hold none."""
    sequences = random(generator, length, count, bits)
    edges = torch.zeros(length, 1, 1, dtype=torch.bool)
    edges[0] = edges[-1] = True
    alone = torch.randint(2, (count, 1), generator=generator).bool()
    return torch.where(edges == alone, sequences, 0.0)


PATTERNS: dict[str, Pattern] = {
    "random": random,
    "any-density": any_density,
    "sparse": sparse,
    "dense": dense,
    "zeros": zeros,
    "ones": ones,
    "one-hot": one_hot,
    "repeated": repeated,
    "edge-rows": edge_rows,
}
"""Every pattern by its name in recipes, on the command line and in results."""


def mixed(shares: Mapping[str, float]) -> Pattern:
    """Sequences each of a pattern of its own, drawn by its share."""

    def draw(generator: Generator, length: int, count: int, bits: int) -> Bits:
        kinds, weights = list(shares), torch.tensor(list(shares.values()), dtype=torch.float64)
        chosen = torch.multinomial(weights, count, replacement=True, generator=generator).tolist()
        return torch.cat([PATTERNS[kinds[each]](generator, length, 1, bits) for each in chosen], dim=1)

    return draw


def check_patterns(name_of_field: str, patterns: object) -> None:
    """Checks patterns with their shares.

    Raises:
        InvalidConfiguration: none at all, an unknown one, or a share that is not above 0.
    """
    if not isinstance(patterns, Mapping) or not patterns:
        raise InvalidConfiguration(
            f"{name_of_field} must name at least one pattern, got {quoted(patterns)}.", field=name_of_field
        )
    for name, share in patterns.items():
        if name not in PATTERNS:
            raise InvalidConfiguration(
                f"There is no pattern {quoted(name)}; there are {', '.join(PATTERNS)}.", field=name_of_field
            )
        check_real(f"{name_of_field}.{name}", share, 0, 1e6, least_allowed=False)


def _independent(generator: Generator, length: int, count: int, bits: int, densities: Float[Tensor, " count"]) -> Bits:
    draws = torch.rand(length, count, bits, generator=generator)
    return (draws < densities.unsqueeze(-1)).float()

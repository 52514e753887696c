"""What the heads do in a step, in the forms that train fastest; see `tapedeck.training.fused`.

Heads that are made alike and look at the same memory find their weightings as one: with K of them a vector instruction
takes the locations of all, and there is a K-th of the code to compile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from tapedeck.ntm import Conventions, MachineSpec, State
from tapedeck.ntm.activations import ACTIVATIONS
from tapedeck.ntm.addressing import LEAST_WEIGHT
from tapedeck.ntm.specification import HeadSpec


class Group(NamedTuple):
    """Heads that act one after another, are made alike and look at the same memory: they find their weightings as one.

    Attributes:
        head: the specification of each, but for its name.
        places: of the heads, in acting order.
        previous: of the heads whose weightings theirs are interpolated with.
        sizes: of what the layers of each emit.
    """

    head: HeadSpec
    places: tuple[int, ...]
    previous: tuple[int, ...]
    sizes: tuple[int, ...]


def groups_of(spec: MachineSpec) -> list[Group]:
    """The heads of a specification, in acting order; most are alone."""
    order = [head.name for head in spec.heads]
    groups: list[Group] = []
    for place, head in enumerate(spec.heads):
        alike = replace(head, name="", previous=None)
        # A head that writes changes what the next one looks at, unless that looks at the memory before the step.
        together = head.kind == "read" or head.addresses == "previous"
        of = order.index(head.previous or head.name)
        if groups and together and groups[-1].head == alike:
            last = groups.pop()
            groups.append(last._replace(places=(*last.places, place), previous=(*last.previous, of)))
        else:
            groups.append(Group(alike, (place,), (of,), tuple(head.sizes(spec.memory.width).values())))
    return groups


def act(
    groups: Sequence[Group], projected: Float[Tensor, "batch P"], state: State, rules: Conventions
) -> tuple[Float[Tensor, "batch W N"], tuple[Tensor, ...], tuple[Tensor, ...]]:
    """The memory after all heads, their weightings, and what they read."""
    memory, weightings = state.memory, [*state.weightings]
    reads: list[Tensor] = []
    sizes = [len(group.places) * sum(group.sizes) for group in groups]
    for group, emitted in zip(groups, projected.split_with_sizes(sizes, dim=-1), strict=True):
        head, count = group.head, len(group.places)
        prev = [state.weightings[place] for place in group.previous]
        seen = state.memory if head.addresses == "previous" else memory
        if count == 1:
            values = _activated(head, emitted.split_with_sizes(group.sizes, dim=-1))
            weighting = _address(values, seen, prev[0], head.shifts, rules)
            found = [weighting]
        else:
            values = _activated(head, emitted.view(len(emitted), count, -1).split_with_sizes(group.sizes, dim=-1))
            weighting = _address(values, seen, torch.stack(prev, dim=1), head.shifts, rules)
            found = [*weighting.unbind(1)]
        for place, each in zip(group.places, found, strict=True):
            weightings[place] = each
        if head.kind == "write":
            memory = _write(memory, found, *values[5:])
        elif count == 1:
            reads.append((memory * weighting.unsqueeze(1)).sum(dim=-1))
        else:
            reads += torch.bmm(weighting, memory.mT).unbind(1)
    return memory, tuple(weightings), tuple(reads)


def _write(
    memory: Float[Tensor, "batch W N"], weightings: Sequence[Tensor], erase_vectors: Tensor, add_vectors: Tensor
) -> Float[Tensor, "batch W N"]:
    """One head after another: of several, the vectors are [batch, K, W]."""
    several = len(weightings) > 1
    erased = erase_vectors.unbind(1) if several else [erase_vectors]
    added = add_vectors.unbind(1) if several else [add_vectors]
    for weighting, erase_vector, add_vector in zip(weightings, erased, added, strict=True):
        there = weighting.unsqueeze(1)
        kept = memory * (1 - there * erase_vector.unsqueeze(-1))
        memory = kept + there * add_vector.unsqueeze(-1)
    return memory


def _activated(head: HeadSpec, projected: Sequence[Tensor]) -> list[Tensor]:
    parts, values = iter(projected), []
    for stage in head.stages:
        name = getattr(head, stage)
        emitted = projected[0][..., :1] if name == "ones" else next(parts)
        values.append(ACTIVATIONS[name].function(emitted))
    return values


def _address(
    values: Sequence[Tensor],
    memory: Float[Tensor, "batch W N"],
    prev_weighting: Float[Tensor, "batch N"],
    shifts: tuple[int, ...],
    rules: Conventions,
) -> Float[Tensor, "batch N"]:
    """Content, gate, shift, sharpen: equations 5 to 9."""
    key, key_strength, gate, shares, sharpening = values[:5]
    content = torch.softmax(_scores(memory, key, key_strength, rules), dim=-1)
    gated = gate * content + (1 - gate) * prev_weighting
    moved = [shares[..., place : place + 1] * _roll(gated, move) for place, move in enumerate(shifts)]
    logarithms = sharpening * sum(moved[1:], moved[0]).clamp_min(LEAST_WEIGHT).log()
    if not rules.sharpening_epsilon:
        return torch.softmax(logarithms, dim=-1)
    powers = logarithms.exp()
    return powers / (powers.sum(dim=-1, keepdim=True) + rules.sharpening_epsilon)


def _roll(weighting: Tensor, move: int) -> Tensor:
    return weighting.roll(move, dims=-1) if move else weighting


def _scores(memory: Tensor, key: Tensor, key_strength: Tensor, rules: Conventions) -> Float[Tensor, "batch N"]:
    """β · cosine(M, k)."""
    if rules.cosine_offset:
        memory, key = memory + rules.cosine_offset, key + rules.cosine_offset
    several = key.dim() == memory.dim()
    products = torch.bmm(key, memory) if several else (memory * key.unsqueeze(-1)).sum(dim=1)
    of_key, of_memory = key.square().sum(dim=-1), memory.square().sum(dim=1, keepdim=several)
    epsilon = rules.cosine_epsilon
    if rules.cosine == "root":
        scale = key_strength * (of_key + epsilon).rsqrt().unsqueeze(-1)
        return scale * products * (of_memory + epsilon).rsqrt()
    if rules.cosine == "clamped_norms":
        scale = key_strength * _inverse_norm(of_key, epsilon).unsqueeze(-1)
        return scale * products * _inverse_norm(of_memory, epsilon)
    norms = (of_key.unsqueeze(-1) * of_memory).clamp_min(LEAST_WEIGHT).sqrt()
    return key_strength * products / (norms + epsilon if rules.cosine == "added" else norms.clamp_min(epsilon))


def _inverse_norm(squares: Tensor, least: float) -> Tensor:
    """1 / |v|; no norm counts as less than `least`, where the gradient is 0."""
    return squares.clamp_min(least**2).rsqrt()

"""A machine that copies by construction: no training, no file, any number of bits, exact to L = N − 2.

The write head always goes on by one location, and writes what comes in: the start delimiter as a mark in a column of
its own, a vector as its bits, nothing for the end delimiter, which only erases. The read head follows; the end
delimiter sends it to the mark by content, and from there it goes on by one location a step too.

Channels 0 … bits − 1 are the bits, then start and end. The hidden vector is the input itself, and one unit that is
always 0, for tests to use.
"""

from __future__ import annotations

import torch
from torch import nn

from tapedeck.ntm import NeuralTM, NTMConfig

SURE = 40.0
"""Saturates a sigmoid in float64, and in float32."""

SHARPENING = 20.0


def copy_machine(bits: int = 4, locations: int = 16, leaning: float = 3.0) -> NeuralTM:
    """The machine.

    Args:
        bits: of a vector.
        locations: N.
        leaning: of the shift weightings, as a logarithm: at 3 they leave 5 % to each wrong shift, which the sharpening
            makes good.
    """
    machine = NeuralTM(NTMConfig(locations=locations, width=bits + 1, bits=bits, controller_size=bits + 3))
    start, end, mark = bits, bits + 1, bits
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.zero_()
        machine.get_parameter("controller.layer1.weight")[: bits + 2, : bits + 2] = torch.eye(bits + 2)
        machine.r_to_s.weight[:bits, :bits] = torch.eye(bits)
        for head in (machine.writehead, machine.readhead):
            head.produce_g_t.bias.fill_(-SURE)
            head.produce_s_t.bias[0] = leaning
            head.produce_gamma_t.bias.fill_(SHARPENING)
        _write_what_comes_in(machine.writehead.produce_e_t, machine.writehead.produce_a_t, bits)
        machine.writehead.produce_a_t.weight[mark, start] = 1
        machine.readhead.produce_k_t.bias[mark] = SURE
        machine.readhead.produce_beta_t.bias.fill_(SURE)
        machine.readhead.produce_g_t.weight[0, end] = 2 * SURE
        machine.readhead.produce_s_t.weight[0, end] = -leaning
        machine.readhead.produce_s_t.weight[1, end] = leaning
    return machine.eval().requires_grad_(False)


def _write_what_comes_in(erase: nn.Linear, add: nn.Linear, bits: int) -> None:
    erase.bias.fill_(-SURE)
    erase.weight[:, : bits + 2] = 2 * SURE
    add.weight[:bits, :bits] = torch.eye(bits)


def distinct_vectors(length: int, bits: int = 4) -> list[list[int]]:
    """Vectors of which no two in a row are alike, and none is 0: the number of each vector, from 1, in binary."""
    return [[(1 + index % (2**bits - 1)) >> bit & 1 for bit in range(bits)] for index in range(length)]

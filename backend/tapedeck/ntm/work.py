"""What a step costs, in one unit for every machine: what budgets count and batches are cut by."""

from __future__ import annotations

from tapedeck.ntm.config import NTMConfig

PARAMETERS_A_NUMBER = 16
"""So many parameters take as long as one number of the memory, which a step passes over ten times."""


def parameter_count(config: NTMConfig) -> int:
    """The parameters of a machine of these sizes, without the biases of the heads."""
    hidden, width, channels = config.controller_size, config.width, config.channels
    return hidden * (channels + width) + hidden * (4 * width + 12) + channels * width


def step_work(config: NTMConfig, locations: int) -> int:
    """N·W + H + C of one sequence at one step, and its share for the parameters.

    A unit takes 3 to 5 ns on one core, whatever the machine and the batch.
    """
    passed_over = locations * config.width + config.controller_size + config.channels
    return passed_over + parameter_count(config) // PARAMETERS_A_NUMBER

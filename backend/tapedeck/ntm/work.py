"""What a step costs, in one unit for every machine: what budgets count and batches are cut by."""

from __future__ import annotations

from tapedeck.ntm.specification import MachineSpec

PARAMETERS_A_NUMBER = 16
"""So many parameters take as long as one number of the memory, which a step passes over ten times."""

HEADS_A_MEMORY = 2
"""So many heads pass over the memory as often as that."""

LSTM_GATES = 4


def parameter_count(spec: MachineSpec) -> int:
    """The parameters of a machine, without biases."""
    lstm = spec.controller.kind == "lstm"
    size, count = len(spec.inputs) + spec.size_of("reads"), 0
    for units in spec.controller.sizes:
        count += LSTM_GATES * units * (size + units) if lstm else units * size
        size = units
    drive = sum(map(spec.size_of, spec.controller.drives))
    count += sum(drive * sum(head.sizes(spec.memory.width).values()) for head in spec.heads)
    return count + len(spec.outputs) * sum(map(spec.size_of, spec.output.terms))


def step_work(spec: MachineSpec, locations: int) -> int:
    """N·W for every two heads, the controller's units, the inputs; and the share of one sequence at one step for the
    parameters.

    A unit takes 3 to 5 ns on one core, whatever the machine and the batch.
    """
    memory = locations * spec.memory.width * len(spec.heads) // HEADS_A_MEMORY
    passed_over = memory + sum(spec.controller.sizes) + len(spec.inputs)
    return passed_over + parameter_count(spec) // PARAMETERS_A_NUMBER

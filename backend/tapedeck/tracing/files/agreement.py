"""What `meta` says of the run, held against the arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tapedeck.errors import TraceFileUnreadable, quoted
from tapedeck.tracing.files.fields import Known
from tapedeck.tracing.files.meta import FieldMeta, Meta, OutputMeta
from tapedeck.tracing.files.shapes import Array, Sizes


def declared(known: Known | None, field: FieldMeta) -> Known:
    """A field with what the file says of it beside what the format knows.

    Raises:
        TraceFileUnreadable: its axes are not those that the format knows, or not as many as its shape has.
    """
    axes = tuple(field.axes)
    if known is not None and known.axes != axes:
        raise TraceFileUnreadable(
            f"meta.fields: {field.name} must have the axes {_list(known.axes)}; it has {_list(axes)}. Choose another "
            "name for what is counted otherwise."
        )
    if field.shape is not None and len(field.shape) != len(axes):
        raise TraceFileUnreadable(
            f"meta.fields: {field.name} has the shape {field.shape} and the axes {_list(axes)}; they must be as many."
        )
    what = known or Known(axes, "other")
    low, high = field.range or what.range
    return Known(axes, field.role or what.role, (low, high), field.equation or what.equation)


def check(meta: Meta, arrays: Mapping[str, Array], sizes: Sizes) -> None:
    """What `meta` counts and places, against the arrays.

    Raises:
        TraceFileUnreadable: a step, a channel or a number that the run does not have.
    """
    steps = sizes.known["step"][0]
    for field in meta.fields or ():
        values = arrays.get(field.name)
        if values is not None and field.shape is not None and tuple(field.shape) != values.shape[1:]:
            raise TraceFileUnreadable(
                f"{field.name} must have the shape {(steps, *field.shape)}, as meta.fields says; it has {values.shape}."
            )
    _check_phases(meta, steps)
    _check_scored(meta, steps, sizes.of("outputs channel"))
    of_steps: dict[str, Sequence[object] | None] = {"narration": meta.narration}
    if meta.estimator is not None:
        of_steps |= {f"estimator.{name}": getattr(meta.estimator, name) for name in ("contexts", "zeros", "ones")}
    for name, said in of_steps.items():
        if said is not None and len(said) != steps:
            raise TraceFileUnreadable(f"meta.{name} must have {steps:,} entries, one a step; it has {len(said):,}.")
    if meta.output is not None:
        _check_output(meta.output, arrays, sizes.of("outputs channel"))


def _check_phases(meta: Meta, steps: int) -> None:
    before = 0
    for phase in meta.phases or ():
        if not before <= phase.start < phase.stop <= steps:
            raise TraceFileUnreadable(
                f"meta.phases: {quoted(phase.name)} goes from {phase.start} to {phase.stop}; phases follow one another "
                f"from 0 to {steps}, each of at least one step, its stop not included."
            )
        before = phase.stop


def _check_scored(meta: Meta, steps: int, outputs: int | None) -> None:
    for first, stop, first_channel, stop_channel in meta.scored or ():
        inside = first < stop <= steps and first_channel < stop_channel <= (outputs or 0)
        if not inside:
            raise TraceFileUnreadable(
                f"meta.scored has {[first, stop, first_channel, stop_channel]}; it must be [start_step, stop_step, "
                f"first_channel, stop_channel] within {steps:,} steps and {outputs or 0} outputs, each stop above its "
                "start."
            )


def _check_output(output: OutputMeta, arrays: Mapping[str, Array], outputs: int | None) -> None:
    if outputs is None:
        return
    if len(output.bias) != outputs:
        raise TraceFileUnreadable(
            f"meta.output.bias must have {outputs} numbers, one an output; it has {len(output.bias)}."
        )
    for term in output.terms:
        if any(field not in arrays for field in term.fields):
            continue  # provenance of outputs is left out
        seen = sum(int(arrays[field].shape[1]) for field in term.fields)
        if len(term.weights) != outputs or any(len(row) != seen for row in term.weights):
            raise TraceFileUnreadable(
                f"meta.output: weights of {term.name} must be [{outputs}][{seen}], a row an output, as wide as "
                f"{', '.join(term.fields)} together."
            )


def _list(axes: tuple[str, ...]) -> str:
    return f"[{', '.join(axes)}]"

"""`tapedeck trace`: a run and its whole trace, without a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import torch
import typer

from tapedeck.checkpoints import Checkpoint
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli import machines, trace_files
from tapedeck.cli.provenance import describe_picture, describe_step, parse_step
from tapedeck.cli.sequence import check_one, decode, given, parse_input, parse_interventions
from tapedeck.figures.forms import FORMS
from tapedeck.figures.outcome import summary, visible
from tapedeck.figures.view import USED, View, panels_of
from tapedeck.tasks import Diagnosis, bits_of, task_as_heard
from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tracing import (
    OutputLayer,
    Run,
    Trace,
    explain_reads,
    explain_step,
    picture_document,
    prepare,
    step_document,
    verdict,
)
from tapedeck.tracing.conduct import describe_conduct
from tapedeck.tracing.narration import narrate as narrated


def trace(
    *,
    checkpoint: Annotated[str, typer.Option(help="The id of a machine in the folder, or a file.", show_default=False)],
    sequence: Annotated[
        str | None, typer.Option(help="Vectors of bits: “10110011 00101100”, or “0xb3 0x2c”, or “[[1,0,…],…]”.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="Text instead: each UTF-8 byte is one vector.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|-",
            help="A file instead: a table, printed lists, JSON, .npy, .npz or text; - for standard input.",
        ),
    ] = None,
    given_input: Annotated[
        str | None,
        typer.Option("--input", metavar="JSON", help="The task's own input, as GET /api/tasks describes it."),
    ] = None,
    locations: Annotated[
        int | None, typer.Option(help="N, the rows of the memory; the machine's own if left out.")
    ] = None,
    interventions: Annotated[
        str | None,
        typer.Option(
            metavar="JSON|FILE",
            help="What is changed inside the run: a list as POST /api/trace takes it, or a file that holds one.",
        ),
    ] = None,
    provenance: Annotated[
        str | None,
        typer.Option(metavar="STEP|all", help="Say where what a step reads comes from; --out writes all of it."),
    ] = None,
    narrate: Annotated[
        bool,
        typer.Option(
            "--narrate",
            help="Tell each step in a sentence, and what each head does; --out writes the sentences too (JSON, NumPy).",
        ),
    ] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help=f"The file to write: {', '.join(FORMS)}.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A run card: one page that plays offline, in any browser.")
    ] = None,
    gif: Annotated[Path | None, typer.Option(metavar="FILE", help="The run as an animation.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Every number as a table, one row per step.")] = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="The verification figure of the run.")] = None,
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="The same as pixels, for print.")] = None,
    at: Annotated[
        int | None,
        typer.Option("--step", metavar="STEP", help="In pictures: a line there, and the memory as it is after it."),
    ] = None,
    rows: Annotated[
        str, typer.Option(metavar="used|all|FIRST-LAST", help="In pictures: the locations that are shown.")
    ] = USED,
    panel: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="In pictures: one panel alone, such as read.weighting, or memory."),
    ] = None,
    checkpoints: Annotated[
        Path, typer.Option(envvar="TAPEDECK_CHECKPOINTS", help="The folder of the machines.")
    ] = SHIPPED_CHECKPOINTS,
) -> None:
    """Run a machine and write every number of every step, as POST /api/trace gives them, and pictures."""
    check_one(sequence, text, file, given_input)
    files = trace_files.wanted(out, {".html": html, ".gif": gif, ".csv": csv, ".svg": svg, ".png": png})
    changes = None if interventions is None else parse_interventions(interventions)
    machine = machines.find(checkpoint, checkpoints)
    torch.set_num_threads(1)  # the machine is too small for more to help
    if given_input is not None:
        found = None
        run = prepare(machine.machine, machine.info.task, parse_input(given_input), locations, changes)
    else:
        heard = task_as_heard(machine.info.spec, machine.info.task)
        found = given(sequence, text, file, bits_of(machine.info.spec, heard))
        run = prepare(machine.machine, machine.info.task, found.vectors, locations, changes)
    view = View(at, rows, panel)
    view.check(run.episode.steps, run.locations, panels_of(run.layout))
    step = parse_step(provenance, run.episode.steps) if provenance is not None else None
    recorded = run.trace()
    diagnosis = verdict(run, recorded)
    said: dict[str, Any] = {"diagnosis": None if diagnosis is None else diagnosis.document()}
    lines = [] if found is None or found.said is None else [found.said]
    lines += _summary(machine, recorded, diagnosis, of_text=found is not None and found.is_text)
    if provenance is not None:
        explained, said["provenance"] = _explain(recorded, run, step)
        lines += explained
    if narrate:
        said["narration"] = narrated(recorded)
        lines += [*said["narration"], *describe_conduct(recorded)]
    # The work first, the words after: what goes wrong with words costs no file.
    for written in trace_files.write(
        files, recorded, machine.info, said, view, short=found is not None and not changes
    ):
        lines.append(f"Wrote {written.path} ({written.path.stat().st_size:,} bytes).")
    for line in lines:
        typer.echo(line)


def _explain(recorded: Trace, run: Run, step: int | None) -> tuple[list[str], dict[str, Any]]:
    """Where what is read comes from, of one step or of all: in words, and as a JSON object."""
    if step is None:
        pictures = {head: explain_reads(recorded, head) for head in recorded.layout.read_heads}
        lines = [line for head, picture in pictures.items() for line in describe_picture(recorded, picture, head)]
        return lines, picture_document(pictures)
    found = explain_step(recorded, step, OutputLayer.of(run.machine), run.machine.spec)
    return list(describe_step(recorded, found, run.machine.spec)), step_document(found)


def _summary(machine: Checkpoint, recorded: Trace, diagnosis: Diagnosis | None, *, of_text: bool) -> Iterator[str]:
    yield from summary(machine.info.id, recorded, diagnosis)
    if of_text:
        recalled, bits = recorded.phases[-1], machine.info.spec.bits
        outputs = recorded.arrays["outputs"][recalled.start : recalled.stop, :bits]
        yield f"Recalled: “{visible(decode((outputs > THRESHOLD).astype(int).tolist()))}”"

"""`tapedeck paper`: figures and numbers of Graves et al. 2014 beside those of the machines of a folder, as Markdown.

What the paper reports stands in paper.json, in our words; ours is read off the machines, the counts and the metrics
beside them. A machine is there with its counts, NAME.evaluation.json; a task without one is said to have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, TypeAdapter

from tapedeck.checkpoints import CheckpointInfo, CheckpointLibrary
from tapedeck.checkpoints.files import write_atomically
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli import output_folder
from tapedeck.cli.card import cell
from tapedeck.cli.evaluation_files import EvaluationFile, read
from tapedeck.cli.workers import TIMEOUT, ClusterOption, Place, ProcessesOption, TimeoutOption
from tapedeck.figures import runs
from tapedeck.figures.drawing import Drawing
from tapedeck.figures.generalization import generalization
from tapedeck.figures.learning import learning
from tapedeck.figures.runs import traces
from tapedeck.figures.verification import verification
from tapedeck.ntm import NeuralTM
from tapedeck.training.controllers import TRIED, Controller
from tapedeck.training.curves import Curve, learning_curve
from tapedeck.training.recipes import recipe_from_dict

SEED = 1
"""Of the bits in the pictures."""

FIGURES = {"learning": "Learning", "generalization": "Generalization", "memory": "Memory use"}
"""What the paper has a figure of for each task, and what it is called here."""

INTRODUCTION = """\
# The paper's tasks, there and here

Graves, Wayne, Danihelka: *Neural Turing Machines*, 2014, [arXiv:1410.5401](https://arxiv.org/abs/1410.5401), section 4,
beside the machines that ship. Made by `make paper`; not written by hand.

What the paper reports is retold here, and ≈ marks what was read off one of its plots; for its pictures see the paper.
It gives costs in bits a sequence. So do we where every sequence has as many bits that count; where not, we give them
for one bit. How a machine generalizes we count in wrong bits, with the 95 % confidence interval in brackets, which
counts sequences, because the bits of a sequence fail together. Our pictures are of random examples (seed 1), not of
chosen ones.
"""


class Figure(BaseModel):
    """A figure of the paper: its number, and what can be seen in it."""

    figure: str
    says: str


class Reported(BaseModel):
    """What the paper reports of a task, and which of our examples are put beside it."""

    task: str
    title: str
    section: str
    trained: str
    feed_forward: str
    lstm: str
    learning: Figure
    generalization: Figure
    memory: Figure
    run: dict[str, int]
    shown: list[dict[str, int]]
    counted: list[dict[str, int]]
    note: str = ""


REPORTED = TypeAdapter(list[Reported]).validate_json(Path(__file__).with_name("paper.json").read_bytes())


@dataclass(frozen=True, slots=True)
class Ours:
    """A machine that is put beside the paper's, with its counts and, where there is one, its learning curve."""

    info: CheckpointInfo
    evaluation: EvaluationFile
    curve: Curve | None


def paper(
    *,
    out: Annotated[Path, typer.Option(help="The Markdown file; its pictures go into a folder of that name beside it.")],
    processes: ProcessesOption = None,
    cluster: ClusterOption = None,
    cluster_timeout: TimeoutOption = TIMEOUT,
    checkpoints: Annotated[
        Path, typer.Option(envvar="TAPEDECK_CHECKPOINTS", help="The folder of the machines.")
    ] = SHIPPED_CHECKPOINTS,
) -> None:
    """Put the paper's figures and ours side by side, as Markdown with pictures."""
    from tapedeck.figures.renderers import RENDERERS  # noqa: PLC0415 (no other command should wait for its import)

    output_folder.check_files({"--out": out})
    machines = machines_of(checkpoints)
    pictures = out.with_suffix("")
    with Place(processes, cluster, cluster_timeout).workers_if_any(runs.__name__) as executor:
        drawn = {
            f"{reported.task}-{kind}.svg": RENDERERS[".svg"](drawing)
            for reported in REPORTED
            for ours in machines[reported.task][:1]
            for kind, drawing in _drawings(reported, ours, machines[reported.task], checkpoints, executor).items()
        }
    output_folder.prepare(pictures, drawn)
    output_folder.write_together(pictures, drawn)
    write_atomically(out, text(machines, pictures.name).encode())
    for reported in REPORTED:
        if not machines[reported.task]:
            typer.echo(f"No machine for {reported.task} has its counts beside it; the task is left empty.")
    typer.echo(f"Wrote {out} and {len(drawn)} pictures ({sum(map(len, drawn.values())):,} bytes).")


def machines_of(folder: Path) -> dict[str, list[Ours]]:
    """By task, the machines of a folder that have been counted.

    Raises:
        InvalidRequest: the counts beside one are not an evaluation.
        CheckpointUnreadable, TrainingError: what stands beside one cannot be read.
    """
    found: dict[str, list[Ours]] = {reported.task: [] for reported in REPORTED}
    for info in CheckpointLibrary(folder).list():
        counts = folder / f"{info.id}.evaluation.json"
        if isinstance(info, CheckpointInfo) and info.task in found and counts.is_file():
            found[info.task].append(Ours(info, read(counts), learning_curve(info, folder)))
    return found


def text(machines: Mapping[str, Sequence[Ours]], pictures: str) -> str:
    """The Markdown.

    Args:
        machines: by task.
        pictures: the folder that they are in, from the Markdown's own.
    """
    lines = [INTRODUCTION.rstrip()]
    for reported in REPORTED:
        lines += ["", f"## {reported.title}", ""]
        lines += _section(reported, machines[reported.task], pictures)
    return "\n".join([*lines, "", "## Controllers", "", *_controllers(), ""])


def _section(reported: Reported, machines: Sequence[Ours], pictures: str) -> Iterator[str]:
    yield f"| | paper, section {reported.section} |{''.join(f' {ours.info.id} |' for ours in machines) or ' here |'}"
    yield "| --- |" + " --- |" * (1 + max(1, len(machines)))
    theirs = f"feed-forward: {reported.feed_forward}; LSTM: {reported.lstm}"
    yield _row("machine", theirs, [_machine(ours.info) for ours in machines])
    yield _row("trained on", reported.trained, [_trained(ours.info) for ours in machines])
    said = {kind: _figure(reported, kind) for kind in FIGURES}
    yield _row(*said["learning"], [_learned(ours.curve) for ours in machines])
    yield _row(*said["generalization"], ["<br>".join(_counted(reported, ours)) for ours in machines])
    yield _row(*said["memory"], ["below"] * len(machines))
    if reported.note:
        yield from ("", reported.note)
    for kind, name in FIGURES.items() if machines else ():
        if kind != "learning" or any(ours.curve for ours in machines):
            path = f"{pictures}/{reported.task}-{kind}.svg"
            number = said[kind][0].partition(", ")[2]
            yield from ("", f"![{name} of {machines[0].info.id}, beside the paper’s {number}]({path})")


def _figure(reported: Reported, kind: str) -> tuple[str, str]:
    figure: Figure = getattr(reported, kind)
    return f"{FIGURES[kind].lower()}, figure {figure.figure}", figure.says


def _row(name: str, theirs: str, ours: Sequence[str]) -> str:
    return f"| {name} | {theirs} | {' | '.join(ours) or 'none ships yet'} |"


def _machine(info: CheckpointInfo) -> str:
    counts = {kind: len([head for head in info.spec.heads if head.kind == kind]) for kind in ("write", "read")}
    heads = " + ".join(f"{count} {kind} head{'' if count == 1 else 's'}" for kind, count in counts.items())
    parameters = sum(parameter.numel() for parameter in NeuralTM(info.spec).parameters())
    units = " + ".join(map(str, info.spec.controller.sizes))
    kind = "LSTM" if info.spec.controller.kind == "lstm" else "feed-forward"
    return f"{kind}: {heads}, {units} units, {parameters:,} parameters"


def _trained(info: CheckpointInfo) -> str:
    recipe = info.origin.get("recipe")
    sizes = recipe_from_dict(recipe).judged_on if isinstance(recipe, dict) else "unknown sizes"
    return f"{sizes}; {info.sequences_seen or 0:,} sequences, seed {info.seed}"


def _learned(curve: Curve | None) -> str:
    if curve is None:
        return "no metrics"
    bits = curve.bits or 1
    best = f", where {bits * curve.optimum:.4g} is possible" if curve.optimum else ""
    solved = f"; first validation without a wrong bit at {curve.solved_at:,}" if curve.solved_at is not None else ""
    what = "a sequence" if curve.bits else "for each bit that counts"
    return f"{curve.costs(bits)[-1]:.3g} bits {what} after {curve.sequences[-1]:,} sequences{best}{solved}"


def _counted(reported: Reported, ours: Ours) -> Iterator[str]:
    """Of the sizes that are put beside the paper, those that were counted on random bits."""
    own = [each for each in ours.evaluation.of(ours.info.id) if each.pattern == "random"]
    for size in reported.counted:
        for each in own:
            if all(each.size(name) == value for name, value in size.items()):
                named = ", ".join(f"{name} {value:,}" for name, value in size.items())
                yield f"{named}: {cell(each)}"


def _controllers() -> Iterator[str]:
    yield "Seeds that learned each task, with each controller and the recipe that is there now, trained to its end."
    yield ""
    yield "| task | feed-forward | LSTM |"
    yield "| --- | --- | --- |"
    for reported in REPORTED:
        tried = (TRIED.get((reported.task, each.kind)) for each in (Controller.FEED_FORWARD, Controller.LSTM))
        yield f"| {reported.title} | {' | '.join('not tried' if each is None else each.said for each in tried)} |"


def _drawings(
    reported: Reported, ours: Ours, all_ours: Sequence[Ours], folder: Path, executor: Executor | None
) -> dict[str, Drawing]:
    machine = CheckpointLibrary(folder).get(ours.info.id)
    curves = [each.curve for each in all_ours if each.curve is not None]
    examples = [(machine, size, None, SEED) for size in (reported.run, *reported.shown)]
    remembered, *generalized = traces(examples, executor)
    drawn = {
        "generalization": generalization(generalized, ours.info, SEED),
        "memory": verification(remembered, ours.info, SEED),
    }
    return drawn | ({"learning": learning(curves, ours.info)} if curves else {})

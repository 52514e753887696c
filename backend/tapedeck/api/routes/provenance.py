"""POST /api/provenance: where what is read comes from."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from tapedeck.api import costs
from tapedeck.api.dependencies import ServiceRuns
from tapedeck.api.recording import ERRORS, Held, batches, finish, record, sent, still_there
from tapedeck.api.runs import Runs
from tapedeck.api.schemas import ProvenanceDocument, ProvenanceRequest
from tapedeck.api.trace_schemas import DescribedProvenance
from tapedeck.tracing import OutputLayer, Trace, explain_step_in_parts
from tapedeck.tracing.description import description
from tapedeck.tracing.export import document_pieces, overview
from tapedeck.tracing.picture import Patch, assemble, patches
from tapedeck.tracing.provenance import check_step

JSON = "application/json"

router = APIRouter()

PAIR = 2
"""Heads of a machine with one of each kind."""


@router.post(
    "/provenance",
    summary="Who wrote what is read",
    response_class=Response,
    responses={
        200: {
            "model": DescribedProvenance | ProvenanceDocument,
            "description": "The terms of one step, or the shares of all.",
        },
        **ERRORS,
    },
)
async def provenance(asked: ProvenanceRequest, request: Request, runs: ServiceRuns, held: Held) -> Response:
    """Runs a machine on its task's input and takes apart what it reads.

    The request is that of `POST /api/trace` with `step`.

    The memory is linear in the add vectors, so the read vector of step t is an exact sum over the steps that wrote it:

        r_t[m] = Σ_τ a_τ[m] Σ_i w^r_t(i) w^w_τ(i) Π_{τ<u≤t} (1 − w^w_u(i) e_u[m])  +  what is left of the initial memory

    and the output before its clamp is the same sum through the output layer, plus its bias.

    * `"step": t` gives every term: `read_vector.writes[τ]` and `output.writes[τ]` are what the write of step τ ≤ t
      gave (signed), `initial` what the initial memory gave, `output.bias` what is added whatever is read, and `total`
      the sum of them all: what the machine read, and its output before it was clamped to 0…1. `shares` is the row of
      the picture for this step.
    * `"step": null`, or no step, gives the picture for all steps: `shares.writes[t][τ]` is the part of read vector t's
      magnitude that the write of step τ gave, 0 for τ > t, and `shares.initial[t]` what the initial memory gave.

    That is the form for a `sequence` and a machine with one head of each kind. With `input`, interventions or several
    heads, the run's description stands before it, and everything has names: `reads[head]` has `writes[write head][τ]`,
    `initial`, `total` and `shares`; `outputs` has `writes[write head][τ]`, `initial`, `bias`, and what else the outputs
    see, `hidden` and `inputs`; `sentences` has `reads[head]` and `outputs`; the picture is `shares[head]`. Where
    several heads write, they do so in acting order, and a head reads what those before it have written. Where
    interventions changed the memory or a read vector, `interventions[τ]` is what those of step τ gave, a source like
    any other.

    The magnitude of a term is the sum of its absolute elements. Shares are 0…1, and those of one step sum to 1; where
    nothing was ever written, the initial memory has all. In the picture, shares below 1e-9 are given as 0.
    """
    about, step = await runs.ask(asked), asked.step
    if step is None:
        cost = costs.of_picture(about.spec, about.steps, about.locations)
    else:
        check_step(step, about.steps)
        cost = costs.of_step(about.spec, step + 1, about.locations)
    run, trace = await record(about, cost, request, runs, held, last_step=step)
    short = asked.input is None and not asked.interventions and len(run.machine.spec.heads) == PAIR
    if step is None:
        pictures = {head: await _picture(trace, head, request, runs) for head in trace.layout.read_heads}
        found: dict[str, Any] = {"step": None, "shares": next(iter(pictures.values())) if short else pictures}
    else:
        layer, spec = OutputLayer.of(run.machine), run.machine.spec
        explained = await finish(explain_step_in_parts(trace, step, layer, spec), request, runs)
        found = await runs.do(explained.short_document if short else explained.document)
    if short:
        checkpoint = {name: value for name, value in about.checkpoint.items() if name != "machine"}
        said = overview(checkpoint, run.episode.steps, run.episode.phases, run.initial)
    else:
        said = description(trace.about, about.checkpoint, trace.applied, trace.applied_reads)
    pieces = batches(document_pieces({**said, **found}))
    return StreamingResponse(sent(runs.each(pieces)), media_type=JSON, headers={"Content-Encoding": "identity"})


async def _picture(recorded: Trace, head: str, request: Request, runs: Runs) -> dict[str, Any]:
    """The shares of a head's reads, in turns with other runs, which it may otherwise keep waiting for long."""
    parts = list[Patch]()
    async for part in runs.each(patches(recorded, head)):
        parts.append(part)
        await still_there(request)
    picture = await runs.do(assemble, parts, recorded.steps)
    shares: dict[str, Any] = (await runs.do(picture.document))["shares"]
    return shares

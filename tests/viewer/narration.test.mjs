import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { narrate } from "#viewer/model/narration.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { lengthOf, rowLength } from "./recording.mjs";

const cases = JSON.parse(readFileSync(new URL("../fixtures/narration.json", import.meta.url), "utf8"));

/** A weighting from the locations that have weight. */
function dense(pairs, count) {
  const weights = new Array(count).fill(0);
  for (const [at, weight] of pairs) weights[at] = weight;
  return weights;
}

/** The description of a case, as a stream's header has it. */
const descriptionOf = ({ about }) => ({
  ...about,
  version: 2,
  width: 1,
  checkpoint: { id: "narrated" },
  memory: { rule: "erase_then_add", start: Array.from({ length: about.locations }, () => [0]) },
  heads: about.heads.map((head) => ({ ...head, start: dense(head.start, about.locations) })),
});

/** The trace of a case, as far as it has arrived. */
function traceOf(one, arrived = one.about.steps) {
  const description = descriptionOf(one);
  const length = rowLength(description);
  const rows = new Float32Array(arrived * length);
  for (let step = 0, at = 0; step < arrived; step++) {
    for (const field of description.fields) {
      const values = one.values[field.name]?.[step] ?? [];
      rows.set(field.role === "weighting" ? dense(values, description.locations) : values, at);
      at += lengthOf(field);
    }
  }
  const trace = new Trace(description);
  trace.append({ first: 0, count: arrived, total: description.steps, rows });
  return trace;
}

for (const one of cases) {
  test(`the sentence of every step is the one Python says: ${one.name}`, () => {
    const trace = traceOf(one);
    const heads = Object.keys(one.heads).length > 0 ? one.heads : undefined;
    assert.deepEqual(Array.from({ length: trace.steps }, (_, step) => narrate(trace, step, heads)), one.says);
  });
}

test("a step is told as soon as it has arrived, and a letter as soon as the whole of it has", () => {
  const copy = cases.find(({ name }) => name === "a copy of text");
  assert.equal(narrate(traceOf(copy, 1), 0), copy.says[0]);
  const half = traceOf(copy, 3); // of the two bytes of “é” one
  assert.match(narrate(half, 1), /‘H’/);
  assert.match(narrate(half, 2), /writes 11000011 to/);
  assert.equal(narrate(traceOf(copy, 4), 2), copy.says[2]);
});

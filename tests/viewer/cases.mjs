/** The runs of `tests/fixtures/narration.json`, as traces. */

import { readFileSync } from "node:fs";

import { Trace } from "#viewer/model/trace.mjs";
import { lengthOf, rowLength } from "./recording.mjs";

export const cases = JSON.parse(readFileSync(new URL("../fixtures/narration.json", import.meta.url), "utf8"));

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
export function traceOf(one, arrived = one.about.steps) {
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

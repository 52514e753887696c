/** Runs of which a file does not say all that the service does: what there is of them is shown and told, and nothing else. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { narrate } from "#viewer/model/narration.mjs";
import { conductOf } from "#viewer/model/conduct.mjs";
import { furtherFields, panelsOfController, panelsOfFurther, panelsOfHeads, panelsOfTask } from "#viewer/model/panels.mjs";
import { decode, isJudged, verdict } from "#viewer/model/result.mjs";
import { originOf } from "#viewer/views/sources.mjs";
import { matrixTable } from "#viewer/model/tables.mjs";
import { titleOf, titleOfHead } from "#viewer/model/titles.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { vectorsOf } from "#viewer/model/vectors.mjs";
import { frames, header, rows } from "./recording.mjs";

const [STEPS, LOCATIONS] = [4, 6];

/** A run with such fields alone, each head of which moves one on at each step. */
function traceOf({ fields, heads, recorded, ...more }) {
  const head = {
    ...header({ vectors: 1, locations: LOCATIONS }),
    input_channels: [], output_channels: [], phases: [], scored: [], width: 0, memory: { rule: "recorded", start: [] }, output: { terms: [], bias: [], activation: "raw" },
    heads: heads.map(([name, kind]) => ({ name, kind, fields: fields.map((each) => each.name).filter((each) => each.startsWith(`${name}.`)), shifts: [], addresses: "current", previous: name, start: [] })),
    fields: fields.map(({ name, axes = ["location"], shape = axes.length > 0 ? [LOCATIONS] : [], role = "weighting", range = [0, 1] }) => ({ name, axes, shape, role, range, equation: "" })),
    ...more,
  };
  const trace = new Trace(head, null, { memory: null, matrices: [], narration: null, ...recorded });
  frames(head, rows(head, (name, step, index) => Number(name.endsWith("weighting") ? index === step : name.length)), [STEPS]).forEach((frame) => trace.append(frame));
  trace.finish({ wrong: null, score: null, diagnosis: null });
  return trace;
}

test("a run without inputs, outputs and phases tells what its heads do", () => {
  const trace = traceOf({ fields: [{ name: "write.weighting" }, { name: "lookup.weighting" }], heads: [["write", "write"], ["lookup", "read"]] });
  assert.equal(narrate(trace, 0), "Step 0: writes to location 0, reads location 0.");
  assert.equal(narrate(trace, 2), "Step 2: writes to location 2, one on from the last, reads location 2, one on from the last.");
  assert.deepEqual(vectorsOf(trace).heard(0), "");
  assert.deepEqual(decode(trace), { heard: "", said: "" });
  assert.equal(isJudged(trace), false);
  assert.equal(verdict(trace).state, "unscored");
  assert.equal(conductOf(trace).get("lookup")?.words, "same as the write head");
  assert.deepEqual([panelsOfTask(trace), panelsOfController(trace)], [[], []]);
});

test("a file's own sentence stands for the step that it is of", () => {
  const trace = traceOf({ fields: [{ name: "read.weighting" }], heads: [["read", "read"]], recorded: { narration: ["It looks.", "", "It looks away.", "It ends."] } });
  assert.deepEqual([0, 1, 2].map((step) => narrate(trace, step)), ["It looks.", "Step 1: reads location 1, one on from the last.", "It looks away."]);
});

test("a memory that nobody says is not shown, and nothing comes from anywhere", () => {
  const trace = traceOf({ fields: [{ name: "read.weighting" }], heads: [["read", "read"]] });
  assert.equal(trace.memory, null);
  assert.equal(trace.explains, false);
  assert.equal(originOf(trace, { panel: "read.weighting", kind: "location", step: 1, row: 1 }, 0), null);
});

test("a recorded memory is what it was after each step, whatever the heads do", () => {
  const memory = Float32Array.from({ length: STEPS * LOCATIONS }, (_, cell) => cell);
  const trace = traceOf({ fields: [{ name: "read.weighting" }], heads: [["read", "read"]], recorded: { memory }, width: 1 });
  assert.deepEqual([...trace.memoryAt(2)], [12, 13, 14, 15, 16, 17]);
  assert.equal(trace.memoryLimits.high, 30);
});

test("weightings that never reach a location are shown on all of them", () => {
  const trace = traceOf({ fields: [{ name: "read.weighting" }], heads: [["read", "read"]] });
  assert.deepEqual(trace.rowsInUse(new Uint8Array(LOCATIONS)), { first: 0, count: LOCATIONS });
});

test("fields that no panel of this project's machines shows have panels by their axes, and numbers where they have none", () => {
  const other = { role: "other" };
  const fields = [
    { name: "write.weighting" }, { name: "write.allocation_weighting", ...other }, { name: "write.write_gate", axes: [], ...other },
    { name: "memory.usage", ...other }, { name: "surprise", axes: [], ...other }, { name: "guess", axes: ["channel"], shape: [2], ...other },
  ];
  const trace = traceOf({ fields, heads: [["write", "write"]] });
  assert.deepEqual(furtherFields(trace).map(({ name }) => name), fields.slice(1).map(({ name }) => name));
  assert.deepEqual(panelsOfFurther(trace).map(({ title, axis }) => [title, axis]), [["Write allocation weighting", "location"], ["Usage", "location"], ["guess", "element"]]);
  assert.deepEqual(panelsOfHeads(trace, { write: "", read: "" }).map(({ name }) => name), ["write.weighting"]);
});

test("a head with a name of its own is called by it", () => {
  const heads = [{ name: "lookup", kind: "read" }, { name: "read2", kind: "read" }, { name: "store", kind: "write" }];
  assert.deepEqual(heads.map((head) => titleOfHead(head, heads)), ["Read head lookup", "Read head 2", "Write head"]);
  assert.equal(titleOf("lookup.weighting", heads), "Read weighting, lookup");
  assert.equal(titleOf("read2.weighting", heads), "Read weighting, head 2");
  assert.equal(titleOf("store.weighting", heads), "Write weighting");
  assert.equal(titleOf("lookup.own_thing", heads), "Own thing, lookup");
});

test("a field of two axes is a table of the step at the cursor", () => {
  const values = Float32Array.from({ length: STEPS * 6 }, (_, at) => at);
  const matrix = { name: "memory.link", axes: ["location", "location"], range: [0, null], equation: "", shape: [2, 3], values };
  const trace = traceOf({ fields: [{ name: "read.weighting" }], heads: [["read", "read"]], recorded: { matrices: [matrix] } });
  const table = matrixTable({ trace, cursor: { step: 2 } }, "memory.link");
  assert.deepEqual([table?.title, table?.corner, table?.columns], ["Temporal links at step 2", "location", ["location 0", "location 1", "location 2"]]);
  assert.deepEqual(table?.rows.map((row) => row.values), [[12, 13, 14], [15, 16, 17]]);
});

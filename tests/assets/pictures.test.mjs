/** Which pictures there are of a run, and how the service is asked for one. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { picturesOf, queryOf } from "../../frontend/tapedeck_page/assets/tape/export/pictures.mjs";

const HEADS = [
  { name: "write", kind: "write" },
  { name: "read1", kind: "read" },
  { name: "read2", kind: "read" },
];
const FIELDS = ["inputs", "targets", "outputs", "write.weighting", "write.key", "write.add_vector"]
  .concat(["read1", "read2"].flatMap((head) => [`${head}.weighting`, `${head}.sharpening`, `${head}.read_vector`]), "controller.hidden", "controller.cell")
  .map((name) => ({ name }));

test("every field of the run can be taken away, once, and the memory and the origins of every read head", () => {
  const [tape, others] = picturesOf({ heads: HEADS, fields: FIELDS });
  const names = [...tape.options, ...others.options].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  const beside = ["figure", "memory", "read1.origins", "read2.origins"];
  assert.deepEqual(names.filter((name) => !beside.includes(name)).sort(), FIELDS.map(({ name }) => name).sort());
  assert.deepEqual(names.filter((name) => beside.includes(name)), beside);
  assert.equal(tape.options.find(({ name }) => name === "read2.weighting")?.title, "Read weighting, head 2");
});

test("the service is asked for what the page shows", () => {
  assert.equal(queryOf({ picture: "figure", step: 6, rows: [62, 63, 64] }), "?step=6&rows=62-64");
  assert.equal(queryOf({ picture: "read.weighting", step: 0, rows: [126, 127, 0, 1] }), "?step=0&rows=126-1&panel=read.weighting");
});

test("before the first step there is no line, and the memory is that of the first", () => {
  assert.equal(queryOf({ picture: "figure", step: -1, rows: [] }), "?");
  assert.equal(queryOf({ picture: "memory", step: -1, rows: [0] }), "?step=0&rows=0-0&panel=memory");
});

test("more locations than a picture has room for are left to the service", () => {
  assert.equal(queryOf({ picture: "figure", step: 1, rows: [...Array(4096).keys()] }), "?step=1");
});

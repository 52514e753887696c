import assert from "node:assert/strict";
import { test } from "node:test";

import { Importance } from "#viewer/model/importance.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { header } from "./recording.mjs";

const run = new Trace(header({ hidden: 3 }));
const PARTS = [
  { name: "inputs", intervention: { kind: "set", target: "inputs", value: 0 } },
  { name: "write", intervention: { kind: "ablate", head: "write" } },
  { name: "read.content", intervention: { kind: "addressing", head: "read", without: "content" } },
  { name: "read.shift_weighting", intervention: { kind: "set", target: "read.shift_weighting", value: [0, 1, 0] } },
  { name: "read.weighting", intervention: { kind: "freeze", head: "read" } },
];

/** An answer of two steps: each part's numbers at both, and those of the rows. */
function importance({ above, change = above.map((row) => row.map(() => 0.25)), rows = [0, 7, 0], amount = 0, costs = false, of = run }) {
  return new Importance({ parts: PARTS.slice(0, above.length), above, change, amount, sentence: "", rows: { step: 1, above: rows, change: rows.map(() => 0.5) } }, of, costs);
}

const found = importance({ above: [[0, 1], [3, 0], [null, -2], [8, 0], [0, 0]] });

for (const [cell, words] of [
  [{ part: 0, row: null, step: 1 }, "Without the input at step 1, 1 bit is wrong."],
  [{ part: 1, row: null, step: 0 }, "With the write head ablated at step 0, 3 bits are wrong."],
  [{ part: 2, row: null, step: 0 }, "Without the content addressing of the read head at step 0, the numbers overflow."],
  [{ part: 2, row: null, step: 1 }, "Without the content addressing of the read head at step 1, 2 bits fewer are wrong."],
  [{ part: 3, row: null, step: 0 }, "Without the shift of the read head at step 0, 8 bits are wrong."],
  [{ part: 4, row: null, step: 1 }, "With the read head frozen at step 1, no bit is another; the outputs that count move by 0.250 on average."],
  [{ part: null, row: 1, step: 1 }, "With row 1 of the memory set to 0 before step 1, 7 bits are wrong."],
]) {
  test(`a cell in words: ${words}`, () => assert.equal(found.sentenceOf(cell), words));
}

test("of a run that is wrong already, more bits are; what predictions cost is in bits; and of nothing it is said", () => {
  const cell = { part: 0, row: null, step: 0 };
  assert.match(importance({ above: [[4, 0]], amount: 2 }).sentenceOf(cell), /4 more bits are wrong\.$/);
  assert.match(importance({ above: [[-1.5, 0]], amount: 60, costs: true }).sentenceOf(cell), /the predictions cost 1\.50 bits less\.$/);
  assert.match(importance({ above: [[0, 0]], change: [[0, 0]] }).sentenceOf(cell), /nothing changes\.$/);
});

test("what the answer hangs on most is said of parts and of rows, and that nothing does", () => {
  assert.equal(found.summary, "At worst: without the shift of the read head at step 0, 8 bits are wrong. Among the rows: with row 1 of the memory set to 0 before step 1, 7 bits are wrong.");
  assert.match(importance({ above: [[0, 0]], rows: [0, 0, 0] }).summary, /^Nothing/);
});

test("a cell is an intervention that can be asked for, and is found again among the changes", () => {
  const change = found.changeOf({ part: 3, row: null, step: 1 });
  assert.deepEqual(change, { kind: "set", target: "read.shift_weighting", value: [0, 1, 0], step: 1 });
  assert.deepEqual(found.cellsOf([change, { kind: "freeze", head: "read", phase: "recall" }]), [{ part: 3, step: 1 }]);
  assert.deepEqual(found.changeOf({ part: null, row: 2, step: 0 }), { kind: "set", target: "memory", rows: [2], value: 0, step: 1 });
});

test("the picture has one column a step, and its scale is as far below 0 as above where something is better without", () => {
  assert.deepEqual([...found.map.above.slice(5)], [1, 0, -2, 0, 0]);
  assert.deepEqual(found.limitsOf("above"), { low: -8, high: 8 });
  assert.deepEqual(importance({ above: [[0, 3]], rows: [0] }).limitsOf("above"), { low: 0, high: 3 });
});

test("each head's name stands at the first of its parts, and of a head that is not looked at the whole alone is shown", () => {
  assert.deepEqual(found.shown(null).map(({ group, label }) => [group, label]), [["", "input x"], ["Write", "whole head"], ["Read", "content"], ["", "shift s"], ["", "movement"]]);
  assert.deepEqual(found.shown(["write"]).map(({ name }) => name), ["inputs", "write"]);
});

test("the table has every part that is shown, and leaves open what overflows", () => {
  const { columns, rows, note } = found.table("above", 0, null);
  assert.deepEqual(columns, ["step 0", "step 1"]);
  assert.deepEqual(rows[2], { name: "read.content", values: [null, -2] });
  assert.match(note, /more wrong bits/);
  assert.deepEqual(found.rowsTable.rows[1].values, [7, 0.5]);
});

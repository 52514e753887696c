import assert from "node:assert/strict";
import { test } from "node:test";

import { Changes } from "#viewer/model/changes.mjs";
import { isChange, siteOf, stretchOf, targetsOf, wordsOf } from "#viewer/model/interventions.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { header } from "./recording.mjs";

const run = new Trace(header({ hidden: 3 }));
const several = new Trace(header({ heads: [["write", "write"], ["read1", "read"], ["read2", "read"]] }));

for (const [change, words] of [
  [{ kind: "set", target: "read.key_strength", value: 2.5, step: 3 }, "Set the read head's key strength β to 2.5 at step 3."],
  [{ kind: "scale", target: "read.key_strength", value: 0.5, phase: "recall" }, "Multiply the read head's key strength β by 0.5 in the recall phase."],
  [{ kind: "add", target: "write.key_strength", value: -1 }, "Add −1 to the write head's key strength β at every step."],
  [{ kind: "set", target: "write.erase_vector", value: [0, 1], elements: [0, 2], start: 2, stop: 4 }, "Set column 0, column 2 of the write head's erase vector e to 0, 1 from step 2 to 3."],
  [{ kind: "set", target: "inputs", value: 1, elements: [8], step: 4 }, "Set start delimiter of the input x to 1 at step 4."],
  [{ kind: "set", target: "inputs", value: 1, elements: ["end"], step: 4 }, "Set end of the input x to 1 at step 4."],
  [{ kind: "set", target: "controller.hidden", value: 0, start: 5, stop: 8 }, "Set the hidden vector h to 0 from step 5 on."],
  [{ kind: "addressing", head: "read", without: "content", start: 2 }, "Take content addressing from the read head from step 2 on."],
  [{ kind: "freeze", head: "write", phase: "input" }, "Freeze the write head where it is in the input phase."],
  [{ kind: "move", head: "read", by: -2, step: 5 }, "Move the read head 2 locations back at step 5."],
  [{ kind: "ablate", head: "write", step: 1 }, "Ablate the write head, which writes nothing at step 1."],
  [{ kind: "set", target: "memory", rows: [3], columns: [1], value: 0, step: 4 }, "Set row 3, column 1 of the memory to 0 at step 4."],
  [{ kind: "set", target: "memory", rows: [0, 1, 2, 3, 4], value: 0, step: 4 }, "Set 5 rows of the memory to 0 at step 4."],
  [{ kind: "swap", target: "memory", rows: [3, 4], step: 4 }, "Swap rows 3 and 4 of the memory at step 4."],
  [{ kind: "noise", target: "initial.memory", spread: 0.1, seed: 3 }, "Add noise of spread 0.1 (seed 3) to the initial memory before the first step."],
  [{ kind: "set", target: "initial.read.weighting", value: 1, elements: [2] }, "Set location 2 of the read head's initial weighting w to 1 before the first step."],
  [{ kind: "noise", target: "parameters.controller.layer1.weight", spread: 0.5, seed: 1 }, "Add noise of spread 0.5 deviations (seed 1) to the parameter controller.layer1.weight before the first step."],
]) {
  test(`a change in words: ${words}`, () => assert.equal(wordsOf(change, run), words));
}

test("values of several rows of the memory are counted, and what is no change is told apart from one", () => {
  const cells = { kind: "set", target: "memory", rows: [1, 2], columns: [0, 1], value: [[1, 2], [3, 4]], step: 4 };
  assert.equal(wordsOf(cells, run), "Set rows 1, 2, columns 0, 1 of the memory to 1, 2, 3, 4 at step 4.");
  assert.ok([cells, { kind: "explode" }, { kind: "freeze", head: "read", step: 3 }, { kind: "set", target: "inputs", value: 1, elements: ["end"] }].every(isChange));
  const wrong = [null, 3, "freeze", [], {}, { kind: 7 }, { kind: "set", target: 7 }, { kind: "set", value: "x" }, { kind: "set", value: [[null]] }, { kind: "set", rows: [[1]] }, { kind: "swap", rows: 3 }, { kind: "move", by: "2" }];
  assert.deepEqual(wrong.filter(isChange), []);
});

test("of several heads of a kind each has its number", () => {
  assert.equal(wordsOf({ kind: "freeze", head: "read2" }, several), "Freeze read head 2 where it is at every step.");
});

test("the steps of a change are those of its step, its stretch, its phase, or all", () => {
  assert.deepEqual(stretchOf({ kind: "freeze", step: 3 }, run), { start: 3, stop: 4 });
  assert.deepEqual(stretchOf({ kind: "freeze", start: 2 }, run), { start: 2, stop: 8 });
  assert.deepEqual(stretchOf({ kind: "freeze", phase: "recall" }, run), { start: 5, stop: 8 });
  assert.deepEqual(stretchOf({ kind: "freeze" }, run), { start: 0, stop: 8 });
  assert.equal(stretchOf({ kind: "noise", target: "initial.memory" }, run), null);
});

test("what a machine makes can be changed, and what it is judged by cannot", () => {
  const targets = targetsOf(run);
  assert.deepEqual(targets.map(({ target }) => target).filter((name) => !name.includes(".")), ["inputs", "outputs"]);
  const weighting = targets.find(({ target }) => target === "read.weighting");
  assert.deepEqual([weighting.head.name, weighting.length, weighting.sums], ["read", 8, true]);
});

test("a change takes the place of one of the same numbers at the same steps", () => {
  const change = { kind: "set", target: "read.key_strength", value: 2, step: 3 };
  assert.equal(siteOf(change), siteOf({ value: 5, step: 3, target: "read.key_strength", kind: "set" }));
  assert.notEqual(siteOf(change), siteOf({ ...change, step: 4 }));
  const changes = new Changes();
  changes.put(change, run);
  changes.put({ kind: "freeze", head: "read" }, run);
  changes.put({ ...change, value: 7 }, run);
  assert.deepEqual(changes.list, [{ ...change, value: 7 }, { kind: "freeze", head: "read" }]);
});

test("what is done is undone and done again, and a drag is one", () => {
  const changes = new Changes();
  const values = () => changes.list.map(({ value }) => value);
  const of = (value, step = 1) => ({ kind: "set", target: "read.key_strength", value, step });
  changes.put(of(1), run, "drag");
  changes.put(of(2), run, "drag");
  changes.put(of(3), run, "drag");
  changes.put(of(9, 2), run);
  changes.remove(0);
  assert.deepEqual(values(), [9]);
  changes.undo();
  changes.undo();
  assert.deepEqual(values(), [3]);
  changes.undo();
  assert.deepEqual([values(), changes.canUndo, changes.canRedo], [[], false, true]);
  changes.redo();
  changes.redo();
  assert.deepEqual(values(), [3, 9]);
  changes.put(of(4), run);
  assert.equal(changes.canRedo, false);
  changes.begin([of(8)]);
  assert.deepEqual([values(), changes.canUndo], [[8], false]);
});

test("changes that are made together are undone together", () => {
  const changes = new Changes();
  const [one, other] = [{ kind: "scale", target: "read.key_strength", value: 2 }, { kind: "noise", target: "memory", spread: 0.1, seed: 1 }];
  changes.put({ ...other, spread: 0.5 }, run);
  changes.putAll([one, other], run);
  assert.deepEqual(changes.list, [other, one]);
  changes.undo();
  assert.deepEqual(changes.list, [{ ...other, spread: 0.5 }]);
});

test("a number that is set later at one step keeps what the earlier change set elsewhere", () => {
  const changes = new Changes();
  changes.put({ kind: "set", target: "read.key_strength", value: 2, start: 3 }, run);
  changes.put({ kind: "set", target: "read.key_strength", value: 9, step: 5 }, run);
  assert.deepEqual(changes.list, [
    { kind: "set", target: "read.key_strength", value: 2, start: 3, stop: 5 },
    { kind: "set", target: "read.key_strength", value: 2, start: 6 },
    { kind: "set", target: "read.key_strength", value: 9, step: 5 },
  ]);
  changes.put({ kind: "set", target: "read.key_strength", value: 1 }, run);
  assert.deepEqual(changes.list, [{ kind: "set", target: "read.key_strength", value: 1 }]);
});

test("of a vector the numbers that are set later are taken from the earlier change", () => {
  const changes = new Changes();
  changes.put({ kind: "set", target: "write.erase_vector", value: [1, 2, 3, 4], phase: "recall" }, run);
  changes.put({ kind: "set", target: "write.erase_vector", value: 0, elements: [1], step: 6 }, run);
  assert.deepEqual(changes.list, [
    { kind: "set", target: "write.erase_vector", value: [1, 3, 4], elements: [0, 2, 3], phase: "recall" },
    { kind: "set", target: "write.erase_vector", value: [2], elements: [1], start: 5, stop: 6 },
    { kind: "set", target: "write.erase_vector", value: [2], elements: [1], start: 7 },
    { kind: "set", target: "write.erase_vector", value: 0, elements: [1], step: 6 },
  ]);
});

test("cells of the memory yield to a row that is set, and other rows stay", () => {
  const changes = new Changes();
  changes.put({ kind: "set", target: "memory", rows: [3], columns: [1], value: 5, step: 4 }, run);
  changes.put({ kind: "set", target: "memory", rows: [4], columns: [1], value: 5, step: 4 }, run);
  changes.put({ kind: "set", target: "memory", rows: [3], value: 0, step: 4 }, run);
  assert.deepEqual(changes.list.map(({ rows, columns }) => [rows, columns]), [[[4], [1]], [[3], undefined]]);
});

/** What is typed for a training, and what is said of all of them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { inShort, machinesOf, numberIn } from "../../frontend/tapedeck_page/assets/tape/training.mjs";

for (const [typed, number] of [
  ["8", 8],
  ["0", 0],
  ["-2", -2],
  ["40,000", 40000],
  ["1,234,567.5", 1234567.5],
  ["0.0001", 0.0001],
  ["1e-4", 0.0001],
  [".5", 0.5],
]) {
  test(`“${typed}” is the number ${number}`, () => assert.equal(numberIn(typed), number));
}

for (const typed of ["fast", "0,0001", "1,5", "40,00", "8 x", "0x10", "Infinity", "1e", "-", "."]) {
  test(`“${typed}” is no number, and is left to the service`, () => assert.equal(numberIn(typed), typed));
}

/** A job in a state. */
const job = (id, state, progress = null) => ({ id, state, progress });

for (const [words, jobs] of [
  ["", []],
  ["", [job("copy-1", "finished"), job("copy-2", "stopped"), job("copy-3", "failed")]],
  ["copy-1 is at 0 %", [job("copy-1", "running")]],
  ["copy-1 is at 99 %", [job("copy-1", "running", { sequences: 39999, total: 40000 })]],
  ["copy-1 is at 25 % · 1 waiting", [job("copy-1", "running", { sequences: 10, total: 40 }), job("copy-2", "queued")]],
  ["2 waiting · 1 paused", [job("copy-1", "queued"), job("copy-2", "queued"), job("copy-3", "paused")]],
]) {
  test(`${jobs.map(({ state }) => state).join(", ") || "nothing"}: “${words}”`, () => assert.equal(inShort(jobs), words));
}

test("a job gives the machines on its way, and one more at its end", () => {
  assert.equal(machinesOf(undefined), 0);
  assert.equal(machinesOf({ checkpoints: 3, checkpoint: null }), 3);
  assert.equal(machinesOf({ checkpoints: 3, checkpoint: "copy-1" }), 4);
});

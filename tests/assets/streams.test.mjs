/** Streams of bits: as they are typed, drawn from a table, and asked for. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { examplesOf, firstOf } from "../../frontend/tapedeck_page/assets/tape/examples.mjs";
import { asStream, drawStream, drawTable, parseStream } from "../../frontend/tapedeck_page/assets/tape/streams.mjs";
import { check, inputOf, nounOf, readTask, sizesOf, stepsOf, summaryOf, writtenOf } from "../../frontend/tapedeck_page/assets/tape/task.mjs";
import { NGRAMS } from "./tasks.mjs";

const task = readTask(NGRAMS);

test("a stream is 0s and 1s, with anything between that keeps them apart", () => {
  for (const typed of ["0110", "01 10", "0, 1, 1, 0", "[0, 1, 1, 0]", "0\n1\n1 0", "０１１０"]) assert.deepEqual(parseStream(typed), ["0", "1", "1", "0"], typed);
  assert.throws(() => parseStream("0112"), { message: "After 3 bits comes “2”; a stream has 0s and 1s alone." });
  assert.throws(() => parseStream("  "), { message: "Nothing to run yet: type a stream of 0s and 1s, such as 0110110110." });
  const rows = [..."011011011010"];
  assert.equal(asStream(rows), "0110110110 10");
  assert.deepEqual(parseStream(asStream(rows)), rows);
});

test("a stream that is drawn follows its table, and is the same for the same seed", () => {
  const table = drawTable(5, 7);
  assert.equal(table.length, 32);
  assert.ok(table.every((share) => share >= 0 && share <= 1));
  assert.deepEqual(table, drawTable(5, 7));
  assert.notDeepEqual(table, drawTable(5, 8));
  const rows = drawStream(Array.from({ length: 32 }, (_, context) => context % 2), 400, 1); // after a 1 a 1, after a 0 a 0
  assert.deepEqual(new Set(rows.slice(4)).size, 1);
  const uneven = drawStream(Array.from({ length: 32 }, () => 0.9), 4000, 2);
  assert.ok(Math.abs(uneven.filter((bit) => bit === "1").length / 4000 - 0.9) < 0.02);
});

test("a stream is composed as single bits and asked for as a list of them", () => {
  assert.equal(nounOf(task), "bit");
  const written = { rows: [..."0110110"], numbers: {} };
  check(task, written);
  assert.deepEqual(inputOf(task, written), { bits: [0, 1, 1, 0, 1, 1, 0] });
  assert.deepEqual(writtenOf(task, { bits: [0, 1, 1, 0, 1, 1, 0] }, 1), written);
  assert.equal(writtenOf(task, { bits: [0, 1, 2, 0, 1, 1, 0] }, 1), null);
  assert.deepEqual([sizesOf(task, written), stepsOf(task, written)], [{ length: 7 }, 7]);
  assert.equal(summaryOf(task, written, 1), "7 bits, 7 steps");
  assert.throws(() => check(task, { rows: [..."011"], numbers: {} }), { message: "There must be at least 6 bits; there are 3." });
});

test("every example of streams can be run, and the page opens on one from a table", () => {
  const examples = examplesOf(task);
  assert.equal(examples.length, 5);
  for (const { written } of examples) check(task, written(1));
  assert.deepEqual(firstOf(task, "Hello", 1), examples[0].written(1));
  const seen = new Set(examples[0].written(1).rows.slice(0, -5).map((_, at, rows) => rows.slice(at, at + 5).join("")));
  assert.ok(seen.size > 25, "most contexts come in it");
});

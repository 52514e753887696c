/** What a task asks for, from its schema alone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawBeside, fitBeside } from "../../frontend/tapedeck_page/assets/tape/beside.mjs";
import { examplesOf, firstOf, NAMED, randomRows, wayFor } from "../../frontend/tapedeck_page/assets/tape/examples.mjs";
import { asText, parseText } from "../../frontend/tapedeck_page/assets/tape/sequences/typed.mjs";
import { areLocationsFree, asHeard, check, delimitersOf, inputOf, readTask, summaryOf, warningOf, writtenOf } from "../../frontend/tapedeck_page/assets/tape/task.mjs";
import { COPY, machine, ODD, RECALL, REPEAT, SORT } from "./tasks.mjs";

const [copy, repeat, recall, sort] = [COPY, REPEAT, RECALL, SORT].map(readTask);
const ROW = "10110011";
const rows = (count, bits = 8) => Array.from({ length: count }, () => ROW.repeat(9).slice(0, bits));

test("the parts of an input are read from its schema", () => {
  assert.deepEqual([copy.rows, copy.counts, copy.places], [{ name: "sequence", each: 0, least: 1, stream: 0 }, [], []]);
  assert.deepEqual(repeat.counts, [{ name: "repeats", least: 1, most: 1000 }]);
  assert.deepEqual([recall.rows, recall.places], [{ name: "items", each: 3, least: 2, stream: 0 }, [{ name: "query", of: "items", followed: 1 }]]);
  assert.deepEqual(sort.beside, { name: "priorities", of: "vectors", least: -1, most: 1 });
  assert.equal(readTask(ODD), null, "a part that the page has no fields for");
});

test("an input goes out as the task takes it, and comes back", () => {
  const written = { rows: rows(6, 6), numbers: { query: 0 } };
  const input = inputOf(recall, written);
  assert.deepEqual(input, { items: [rows(3, 6), rows(3, 6)].map((item) => item.map((row) => [...row].map(Number))), query: 0 });
  assert.deepEqual(writtenOf(recall, input, 6), written);
  assert.deepEqual(inputOf(repeat, { rows: ["10"], numbers: { repeats: 3 } }), { sequence: [[1, 0]], repeats: 3 });
});

for (const [what, input, bits] of [
  ["of another task", { sequence: [[1, 0]], repeats: 3 }, 2],
  ["of another width", { sequence: [[1, 0]] }, 3],
  ["of something else than bits", { sequence: [[1, 2]] }, 2],
  ["of nothing", { sequence: [] }, 2],
  ["of no list", { sequence: 7 }, 2],
]) {
  test(`an input ${what} is none of the copy`, () => assert.equal(writtenOf(copy, input, bits), null));
}

test("an input that asks with the last item, or one that is not there, is none", () => {
  const { items } = inputOf(recall, { rows: rows(9, 6), numbers: { query: 0 } });
  assert.deepEqual([0, 1, 2, 3, -1, 0.5].map((query) => writtenOf(recall, { items, query }, 6) !== null), [true, true, false, false, false, false]);
});

test("numbers beside the vectors go out and come back with them", () => {
  const written = { rows: ["10", "01"], numbers: {}, beside: [0.25, -1] };
  const input = inputOf(sort, written);
  assert.deepEqual(input, { vectors: [[1, 0], [0, 1]], priorities: [0.25, -1] });
  assert.deepEqual(writtenOf(sort, input, 2), written);
  for (const priorities of [[0.25], [0.25, 1.5], [0.25, "0"], 7, undefined]) assert.equal(writtenOf(sort, { ...input, priorities }, 2), null);
});

for (const [beside, says] of [
  [[0, 1], "Each vector must have a priority."],
  [[0, NaN, 1], "The priority of vector 2 must be a number from −1 to 1."],
  [[0, 1, -1.01], "The priority of vector 3 must be a number from −1 to 1."],
  [[0.5, 1, 0.5], "The priority of vector 3 must not be that of vector 1 as well."],
  [[0.5, 0.5 + 1e-12, 1], "The priority of vector 2 must not be that of vector 1 as well."],
]) {
  test(`${says} (${beside})`, () => assert.throws(() => check(sort, { rows: rows(3), numbers: {}, beside }), { message: says }));
}

test("what is beside new vectors is unlike all others, and what is drawn as well", () => {
  const kept = fitBeside(sort.beside, ["0.5", "x"], 200);
  assert.deepEqual(kept.slice(0, 2), ["0.5", "x"]);
  const made = kept.slice(2).map(Number);
  assert.equal(new Set([0.5, ...made]).size, 199);
  assert.deepEqual(fitBeside(sort.beside, kept, 1), ["0.5"]);
  const drawn = drawBeside(sort.beside, 300, 4);
  assert.deepEqual(drawn, drawBeside(sort.beside, 300, 4));
  assert.equal(new Set(drawn).size, 300);
  assert.ok([...made, ...drawn].every((value) => value >= -1 && value <= 1));
});

for (const [task, count, numbers, says] of [
  [recall, 7, { query: 0 }, "Each item has 3 vectors; after 2 whole items 1 vector is left."],
  [recall, 8, { query: 0 }, "Each item has 3 vectors; after 2 whole items 2 vectors are left."],
  [recall, 3, { query: 0 }, "There must be at least 2 items; there is 1."],
  [repeat, 2, { repeats: NaN }, "Repeats must be a whole number from 1 to 1,000."],
  [repeat, 2, { repeats: 1001 }, "Repeats must be a whole number from 1 to 1,000."],
]) {
  test(says, () => assert.throws(() => check(task, { rows: rows(count, 6), numbers }), { message: says }));
}

test("how long an input is stands in words", () => {
  assert.equal(summaryOf(copy, { rows: rows(3), numbers: {} }, 8), "3 vectors of 8 bits, 8 steps");
  assert.equal(summaryOf(copy, { rows: rows(1, 5), numbers: {} }, 5), "1 vector of 5 bits, 4 steps");
  assert.equal(summaryOf(copy, { rows: rows(1000), numbers: {} }, 8), "1,000 vectors of 8 bits, 2,002 steps");
  assert.equal(summaryOf(repeat, { rows: rows(2), numbers: { repeats: 3 } }, 8), "2 vectors of 8 bits, 3 repeats, 11 steps");
  assert.equal(summaryOf(sort, { rows: rows(4), numbers: {}, beside: [] }, 8), "4 vectors of 8 bits, 8 steps");
  assert.equal(summaryOf(recall, { rows: rows(12, 6), numbers: { query: 1 } }, 6), "4 items of 3 vectors of 6 bits, 24 steps");
});

for (const [length, locations, said, recipe] of [
  [126, "", ""],
  [127, "", " · more than the 126 that 128 locations can hold: expect errors"],
  [30, 16, " · more than the 14 that 16 locations can hold: expect errors"],
  [14, 16, ""],
  [21, 1024, " · longer than the 20 vectors that this machine was trained on", { longest: 20 }],
  [3, 64.5, " · a memory has 3 to 4,096 locations, a whole number of them"],
  [3, 2, " · a memory has 3 to 4,096 locations, a whole number of them"],
]) {
  test(`${length} vectors in ${locations || "as many"} locations: “${said}”`, () => {
    const written = { rows: rows(length), numbers: {} };
    assert.equal(warningOf(copy, written, machine("copy-1", "copy", 8, recipe), locations), said);
  });
}

test("more items, or more repeats, than a machine knew are flagged", () => {
  const items = machine("recall", "associative_recall", 6, { sizes: { items: [2, 6] } });
  const says = (count) => warningOf(recall, { rows: rows(3 * count, 6), numbers: { query: 0 } }, items, "");
  assert.deepEqual([says(6), says(7)], ["", " · more than the 6 items that this machine was trained on"]);
  assert.equal(says(43), " · more than the 42 items that 128 locations can hold: expect errors");
  const counts = machine("repeat", "repeat_copy", 8, { sizes: { length: [1, 10], repeats: [1, 10] } });
  const repeated = (repeats) => warningOf(repeat, { rows: rows(2), numbers: { repeats } }, counts, "");
  assert.deepEqual([repeated(10), repeated(11)], ["", " · more than the 10 repeats that this machine was trained on"]);
});

test("every example of every task can be run, by machines of any width", () => {
  for (const task of [copy, repeat, recall]) {
    for (const bits of [1, 2, 6, 8, 13]) {
      for (const written of [firstOf(task, "Hello", bits), ...examplesOf(task).map((example) => example.written(bits))]) {
        assert.deepEqual(writtenOf(task, inputOf(task, written), bits), { rows: written.rows, numbers: written.numbers });
      }
    }
  }
  assert.equal(asText(NAMED.greeting.rows(8)), "Hello, tape machine!");
  assert.deepEqual([NAMED.greeting, NAMED.long, NAMED.full, NAMED.over].map((each) => each.rows(8).length), [20, 60, 126, 140]);
});

test("vectors drawn at random are the same again, and have the share of ones that was asked for", () => {
  assert.deepEqual(randomRows(20, 0.5, 1, 8), randomRows(20, 0.5, 1, 8));
  assert.notDeepEqual(randomRows(20, 0.5, 1, 8), randomRows(20, 0.5, 2, 8));
  assert.deepEqual([0, 1].map((density) => randomRows(3, density, 1, 2)), [["00", "00", "00"], ["11", "11", "11"]]);
  const ones = randomRows(1000, 0.3, 1, 8).join("").replace(/0/g, "").length;
  assert.ok(Math.abs(ones / 8000 - 0.3) < 0.02);
});

test("what can be typed as text reopens as text; all else as bits", () => {
  assert.equal(wayFor(parseText("two\n\tlines, Grüße 🎞️")), "text");
  for (const text of ["a\rb", "a\0b", "\x7f", "\x85"]) assert.equal(wayFor(parseText(text)), "bits");
  assert.equal(wayFor(["11111111"]), "bits");
});

test("a machine that learned what its locations begin with runs on no other number of them", () => {
  const made = { ...machine("sort", "priority_sort"), machine: { starts: { memory: { kind: "learned" }, weightings: { kind: "one_hot" } } } };
  const written = { rows: rows(3), numbers: {}, beside: [0, 0.5, 1] };
  assert.equal(areLocationsFree(made), false);
  assert.equal(warningOf(sort, written, made, 130), " · this machine learned what its 128 locations begin with: it runs on no other number of them");
  assert.equal(warningOf(sort, written, made, 128), "");
  assert.equal(areLocationsFree(machine("copy")), true);
});

test("a machine that hears its task in a way of its own has its own number of steps", () => {
  const stretches = ["input", "end", "recall"].map((name) => ({ name, of: name }));
  const heard = { ...machine("sort", "priority_sort"), steps: [{ times: 1, of: [] }, { times: 2, of: ["vectors"] }], machine: { encoding: { stretches } } };
  const written = { rows: rows(4), numbers: {}, beside: [] };
  assert.equal(summaryOf(asHeard(sort, heard), written, 8), "4 vectors of 8 bits, 9 steps");
  assert.equal(delimitersOf(heard), 1);
  assert.equal(delimitersOf({ ...heard, machine: { encoding: { stretches: [stretches[0], stretches[2]] } } }), 0);
  const own = machine("sort", "priority_sort");
  assert.deepEqual([asHeard(sort, own), asHeard(null, own), delimitersOf(own)], [sort, null, 1]);
});

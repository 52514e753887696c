/** What is composed, without a page: every way in, every task, and what is run. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Composer } from "../../frontend/tapedeck_page/assets/tape/composer.mjs";
import { machine, TASKS } from "./tasks.mjs";

const MACHINES = [
  machine("copy-1"),
  machine("copy-2"),
  machine("five", "copy", 5),
  machine("repeat", "repeat_copy"),
  machine("recall", "associative_recall", 6),
  machine("sort", "priority_sort", 8, { sizes: { vectors: [4, 20] } }),
  machine("odd", "odd"),
  { id: "broken", error: { detail: "not a checkpoint" } },
];
const TYPED = "10110011 00101100";
const SEQUENCE = [
  [1, 0, 1, 1, 0, 0, 1, 1],
  [0, 0, 1, 0, 1, 1, 0, 0],
];

/** A composer on a machine, and all that it told. */
function composer(id = "copy-1", { text = "Hi", most = 1000 } = {}) {
  const told = { runs: [], typed: [], names: [], shown: 0, locations: "", set: [], changes: [] };
  const made = new Composer({ text, most }, {
    run: (request) => told.runs.push(request),
    type: (request) => told.typed.push(request),
    name: (name) => told.names.push(name),
    atChooser: () => false,
    locations: () => told.locations,
    setLocations: (locations) => told.set.push(locations),
    changes: () => told.changes,
    show: () => told.shown++,
  });
  made.list(MACHINES, TASKS);
  const choose = (name, link = null) => (link ? made.open(name, link) : made.hear(name, ["machine"]));
  if (id) choose(id);
  return { made, told, choose, last: () => told.runs.at(-1) };
}

/** Bits are typed. */
function typed(made, text = TYPED) {
  made.choose("bits");
  made.type("bits", text);
}

test("the page opens on its text, run on the machine that is chosen", () => {
  const { told, made } = composer();
  assert.deepEqual(told.runs, [{ checkpoint: "copy-1", input: { sequence: [[0, 1, 0, 0, 1, 0, 0, 0], [0, 1, 1, 0, 1, 0, 0, 1]] }, locations: null, interventions: [] }]);
  assert.equal(made.summary.summary, "2 vectors of 8 bits, 6 steps");
});

for (const [locations, asked] of [["", null], [" ", null], ["64", 64], ["2", 2], ["5000", 5000], ["-", "-"]]) {
  test(`“${locations}” locations are asked for as ${JSON.stringify(asked)}: what is wrong with them is the service's to say`, () => {
    const { made, told, last } = composer();
    told.locations = locations;
    made.run();
    assert.equal(last().locations, asked);
  });
}

test("all fields are views of one sequence, and what is typed is left as it is", () => {
  const { made } = composer();
  typed(made, " 01001000,01101001 ");
  assert.deepEqual(made.typed, { bits: " 01001000,01101001 ", text: "Hi", hex: "48 69" });
  made.draw(["11111111"]);
  assert.deepEqual(made.typed, { bits: "11111111", text: "", hex: "ff" });
});

test("what is typed is judged at once, and run as it stands", () => {
  const { made, told, last } = composer();
  const before = told.runs.length;
  typed(made, "10110011 1011x011");
  assert.match(made.problem, /^Vector 2, character 5 is “x”/);
  made.run();
  assert.equal(told.runs.length, before, "what is no sequence is not run");
  assert.deepEqual(made.summary, { summary: "", warning: "" });
  typed(made);
  assert.equal(made.problem, "");
  made.run();
  assert.deepEqual(last().input, { sequence: SEQUENCE });
});

test("another way in is read as it stands", () => {
  const { made, last } = composer();
  typed(made, "1011x");
  made.choose("hex");
  assert.equal(made.problem, "");
  made.type("hex", "b3 2c");
  made.run();
  assert.deepEqual(last().input, { sequence: SEQUENCE });
  made.choose("bits");
  assert.equal(made.typed.bits, TYPED);
});

test("nothing written, and an empty text beside vectors that are none, say what to do", () => {
  const { made } = composer();
  for (const way of ["bits", "text", "hex"]) {
    made.choose(way);
    made.type(way, "");
    assert.match(made.problem, /^Nothing to run yet: type/);
  }
  made.draw([]);
  assert.equal(made.problem, "Nothing to run yet: add a vector.");
  made.draw(["11111111"]);
  made.choose("text");
  assert.match(made.problem, /not UTF-8 text/);
});

test("too much is a problem in every way in", () => {
  const { made } = composer("copy-1", { most: 1, text: "H" });
  for (const [way, text] of [["bits", "10110011 10110011"], ["text", "Hi"], ["hex", "ff ff"]]) {
    made.type(way, text);
    assert.match(made.problem, /at most 1 fit/);
  }
  made.draw(["00000000", "00000000"]);
  assert.match(made.problem, /at most 1 fit/);
});

test("Run draws at random what the fields ask for, once", () => {
  const { made, told, last } = composer();
  made.choose("random");
  made.ask({ length: "12" });
  assert.equal(made.changed, false, "no tape is shown yet");
  made.run();
  const { input } = last();
  assert.equal(input.sequence.length, 12);
  made.shown = { checkpoint: "copy-1", input, locations: 128 };
  assert.equal(made.changed, false);
  made.run();
  assert.deepEqual(last().input, input, "the same again");
  made.ask({ seed: "2" });
  assert.equal(made.changed, true);
  made.run();
  assert.notDeepEqual(last().input, input);
  const count = told.runs.length;
  for (const [fields, says] of [
    [{ length: "" }, "The length must be a whole number from 1 to 1,000; got nothing."],
    [{ length: "0" }, "The length must be a whole number from 1 to 1,000; got “0”."],
    [{ length: "0x3" }, "The length must be a whole number from 1 to 1,000; got “0x3”."],
    [{ length: "3", density: "1,5" }, "The share of ones must be a number from 0 to 1; got “1,5”."],
    [{ density: "1", seed: "x" }, "The seed must be a whole number; got “x”."],
  ]) {
    made.ask(fields);
    made.run();
    assert.equal(made.message, says);
  }
  assert.equal(told.runs.length, count);
});

test("a file is waited for; one that holds nothing leaves what stood there, and a press that waits runs nothing", () => {
  const { made, told, last } = composer();
  made.read();
  made.run();
  const before = told.runs.length;
  made.take({ rows: ["10110011"], said: "Read 1 vector from a.txt: vectors." });
  assert.equal(told.runs.length, before + 1);
  assert.deepEqual(last().input, { sequence: [SEQUENCE[0]] });
  assert.equal(made.said, "Read 1 vector from a.txt: vectors.");
  made.read();
  made.run();
  made.take({ rows: null, said: "a.txt: the file is empty." });
  assert.equal(made.message, "a.txt: the file is empty.");
  assert.equal(made.summary.summary, "1 vector of 8 bits, 4 steps");
  assert.equal(told.runs.length, before + 1);
  made.run();
  assert.deepEqual([made.message, told.runs.length], ["", before + 2], "what stands there can be run");
  made.choose("bits");
  assert.deepEqual([made.problem, made.rows], ["", ["10110011"]]);
});

test("another machine runs what is composed", () => {
  const { made, choose, last } = composer();
  typed(made);
  choose("copy-2");
  assert.deepEqual(last(), { checkpoint: "copy-2", input: { sequence: SEQUENCE }, locations: null, interventions: [] });
});

test("each task and each width keep their own input", () => {
  const { made, choose, last } = composer();
  typed(made);
  choose("five");
  assert.equal(made.way, "bits");
  assert.equal(last().input.sequence[0].length, 5);
  choose("recall");
  assert.equal(made.way, "draw");
  assert.deepEqual([last().input.items.length, last().input.query], [4, 1]);
  made.number("query", "2");
  choose("repeat");
  assert.deepEqual([last().input.sequence.length, last().input.repeats], [4, 3]);
  choose("copy-1");
  assert.deepEqual(last().input, { sequence: SEQUENCE });
  choose("recall");
  assert.equal(last().input.query, 2);
});

test("items are typed, drawn, and asked for by their place, which stays within the list", () => {
  const { made, last } = composer("recall");
  typed(made, "101100 001011 110010\n010011 111000 000101\n111101 010101 100001");
  made.number("query", "1");
  made.run();
  assert.deepEqual(last().input.items[2], [[1, 1, 1, 1, 0, 1], [0, 1, 0, 1, 0, 1], [1, 0, 0, 0, 0, 1]]);
  assert.equal(last().input.query, 1);
  made.draw(made.rows.slice(0, 6));
  made.run();
  assert.equal(last().input.query, 0, "the last item is never asked with");
  typed(made, "101100 001011 110010 010011");
  assert.equal(made.problem, "Each item has 3 vectors; after 1 whole item 1 vector is left.");
  made.type("text", "Hi");
  assert.match(made.problem, /8 bits a vector; this one reads 6/);
});

test("items are drawn at random with one of them to ask with", () => {
  const { made, last } = composer("recall");
  made.choose("random");
  made.ask({ length: "9", seed: "3" });
  made.run();
  assert.equal(last().input.items.length, 9);
  assert.ok(last().input.query >= 0 && last().input.query < 8);
});

test("a count is typed beside the sequence", () => {
  const { made, last, told } = composer("repeat");
  made.number("repeats", "5");
  made.run();
  assert.equal(last().input.repeats, 5);
  for (const wrong of ["", "0", "2.5", "x", "1001"]) {
    made.number("repeats", wrong);
    assert.equal(made.problem, "Repeats must be a whole number from 1 to 1,000.");
  }
  const before = told.runs.length;
  made.run();
  assert.equal(told.runs.length, before);
});

test("an example is taken whole, with its numbers", () => {
  const { made, last } = composer("repeat");
  made.example(1);
  made.run();
  assert.deepEqual([last().input.sequence.length, last().input.repeats], [1, 10]);
});

test("a link runs with its own input, locations and interventions, whatever stands there", () => {
  const { made, choose, last, told } = composer();
  const link = { checkpoint: "repeat", input: { sequence: SEQUENCE, repeats: 2 }, locations: 64, interventions: [{ step: 3 }] };
  choose("repeat", link);
  assert.deepEqual(last(), { checkpoint: "repeat", input: link.input, locations: 64, interventions: [{ step: 3 }] });
  assert.deepEqual(told.set, [64]);
  assert.deepEqual([made.way, made.typed.bits, made.numbers.repeats], ["bits", TYPED, "2"]);
});

test("what is composed is run with the changes that there are, on another machine, too, and a link with its own", () => {
  const { made, told, choose, last } = composer();
  told.changes = [{ kind: "freeze", head: "read" }];
  made.run();
  assert.deepEqual(last().interventions, told.changes);
  typed(made);
  assert.deepEqual(told.typed.at(-1).interventions, told.changes);
  choose("copy-1", { checkpoint: "copy-1", input: { sequence: SEQUENCE }, locations: null, interventions: [] });
  assert.deepEqual(last().interventions, []);
  choose("copy-2");
  assert.deepEqual(last().interventions, told.changes);
});

test("a link of a machine that is not here runs on one of the same task", () => {
  const { choose, last, told } = composer();
  const items = [[[1, 0, 1, 1, 0, 0], [0, 0, 1, 0, 1, 1], [1, 1, 0, 0, 1, 0]], [[0, 1, 0, 0, 1, 1], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 0, 1]]];
  choose("copy-1", { checkpoint: "gone", input: { items, query: 0 }, locations: null, interventions: [] });
  assert.equal(last().checkpoint, "recall");
  assert.deepEqual(told.names, ["recall"]);
});

test("a link whose input is of another task is the service's to refuse, and what stood there stays", () => {
  const { made, choose, last } = composer();
  typed(made);
  const link = { checkpoint: "copy-1", input: { sequence: SEQUENCE, repeats: 2 }, locations: null, interventions: [] };
  choose("copy-1", link);
  assert.deepEqual(last().input, link.input);
  assert.equal(made.typed.bits, TYPED);
  choose("copy-1", { checkpoint: null, input: null, locations: null, interventions: [] });
  assert.deepEqual(last().input, { sequence: SEQUENCE });
});

test("a link waits for a machine to run on", () => {
  const { choose, last, told } = composer(null);
  choose(null, { checkpoint: "copy-2", input: { sequence: SEQUENCE }, locations: null, interventions: [] });
  assert.deepEqual(told.runs, []);
  choose("copy-2");
  assert.deepEqual(last(), { checkpoint: "copy-2", input: { sequence: SEQUENCE }, locations: null, interventions: [] });
});

test("a task that the page has no fields for says so, and runs nothing", () => {
  const { made, choose, told } = composer();
  const before = told.runs.length;
  choose("odd");
  assert.equal(made.problem, "This page has no fields for the input of odd; run it with “tapedeck trace”.");
  assert.equal(told.runs.length, before);
  choose("copy-1");
  assert.equal(made.problem, "");
});

test("a number beside each vector follows it, is moved, and must be unlike the others", () => {
  const { made, told, last } = composer("sort");
  assert.equal(made.way, "draw");
  assert.equal(last().input.priorities.length, last().input.vectors.length);
  typed(made, "10110011 00101100 11110000");
  assert.deepEqual(made.beside.length, 3);
  const [first, second] = made.beside;
  made.move(0, "−0,25");
  assert.deepEqual(told.typed.at(-1).input.priorities, [-0.25, ...made.beside.slice(1).map(Number)]);
  made.move(0, second);
  assert.equal(made.problem, "The priority of vector 2 must not be that of vector 1 as well.");
  assert.equal(made.input, null);
  made.move(0, "1.5");
  assert.equal(made.problem, "The priority of vector 1 must be a number from −1 to 1.");
  made.move(0, first);
  assert.equal(made.problem, "");
  typed(made, TYPED);
  assert.deepEqual(made.beside, [first, second]);
  assert.equal(made.comesOut, 2);
});

test("vectors at random have numbers at random, and the greatest that was trained on is known", () => {
  const { made } = composer("sort");
  made.ask({ length: "24", seed: "3" });
  made.drawAtRandom();
  const before = [...made.beside];
  assert.deepEqual([made.rows.length, new Set(before).size, made.comesOut], [24, 24, 19]);
  assert.equal(made.summary.warning, " · more than the 20 vectors that this machine was trained on");
  made.ask({ seed: "4" });
  made.drawAtRandom();
  assert.notDeepEqual(made.beside, before);
});

test("without a machine nothing is run, and a press is kept until there is one", () => {
  const { made, choose, told } = composer(null);
  made.run();
  assert.deepEqual(told.runs, []);
  choose("copy-1");
  assert.equal(told.runs.length, 1);
});

test("the tape is of another input as soon as anything differs", () => {
  const { made, told, last } = composer("recall");
  made.shown = { checkpoint: "recall", input: last().input, locations: 128 };
  assert.equal(made.changed, false);
  made.number("query", "0");
  assert.equal(made.changed, true);
  made.number("query", "1");
  told.locations = "64";
  assert.equal(made.changed, true);
  told.locations = "";
  made.follow("copy-2");
  assert.equal(made.changed, true);
});

test("the guide's sequence goes to a machine that takes it", () => {
  const { made, choose } = composer("recall");
  assert.equal(made.machineFor({ sequence: SEQUENCE }), "copy-1");
  choose("copy-2");
  assert.equal(made.machineFor({ sequence: SEQUENCE }), "copy-2");
  assert.equal(made.machineFor({ sequence: [[1]] }), undefined);
});

test("characters that the field does not show are said by their code points", () => {
  for (const [text, said] of [
    ["Hi\n", ""],
    ["🎞️ 👩🏽‍💻", ""],
    ["a\ufe0f\u200d", "; it also holds U+FE0F, U+200D, which the field does not show"],
    ["a b\tc", "; it also holds U+0009, which the field does not show"],
    ["\u001b[1m\u200b\u001b", "; it also holds U+001B, U+200B, which the field does not show"],
    ["\u0001\u0002\u0003\u00a0\u2800", "; it also holds U+0001, U+0002, U+0003, U+00A0 …, which the field does not show"],
  ]) {
    const { summary } = composer("copy-1", { text }).made.summary;
    assert.match(summary, /^[\d,]+ vectors of 8 bits, [\d,]+ steps/);
    assert.equal(summary.replace(/^[\d,]+ vectors of 8 bits, [\d,]+ steps/, ""), said);
  }
});

const rows = (count) => Array.from({ length: count }, () => "10110011").join(" ");

test("what is short runs as it is typed, once for each input", () => {
  const { made, told } = composer();
  typed(made);
  assert.deepEqual(told.typed, [{ checkpoint: "copy-1", input: { sequence: SEQUENCE }, locations: null, interventions: [] }]);
  typed(made, `${TYPED}\n`);
  made.choose("hex");
  assert.equal(told.typed.length, 1, "it is the same input");
  assert.equal(told.runs.length, 1, "nobody pressed Run");
  typed(made, "10110011 0010");
  assert.equal(told.typed.length, 1, "it is no input");
});

for (const [name, machine, change, runs] of [
  ["40 vectors", "copy-1", (made) => typed(made, rows(40)), 1],
  ["41 vectors", "copy-1", (made) => typed(made, rows(41)), 0],
  ["a count", "repeat", (made) => made.number("repeats", "4"), 1],
  ["a count that makes a long run", "repeat", (made) => made.number("repeats", "400"), 0],
  ["an item that is meant", "recall", (made) => made.number("query", "0"), 1],
  ["vectors drawn by hand", "copy-1", (made) => made.draw(["10110011"]), 1],
  ["vectors drawn at random", "copy-1", (made) => made.drawAtRandom(), 1],
  ["a file of few vectors", "copy-1", (made) => made.take({ rows: ["10110011"], said: "" }), 1],
  ["a file of many", "copy-1", (made) => made.take({ rows: rows(41).split(" "), said: "" }), 0],
]) {
  test(`of what is changed, ${name} ${runs ? "is run" : "waits for Run"}`, () => {
    const { made, told } = composer(machine);
    change(made);
    assert.equal(told.typed.length, runs);
    assert.equal(told.runs.length, 1, "that of the beginning");
  });
}

for (const locations of ["2", "5000", "-", "64.5"]) {
  test(`nothing that is typed runs on ${locations} locations`, () => {
    const { made, told } = composer();
    told.locations = locations;
    typed(made);
    assert.deepEqual(told.typed, []);
  });
}

test("an example is run, in a way in that shows it", () => {
  const { made, told, last } = composer();
  made.choose("text");
  made.example(1);
  assert.equal(made.way, "bits", "a diagonal is no text");
  assert.deepEqual([told.runs.length, last().input.sequence.length], [2, 16]);
  made.choose("hex");
  made.example(0);
  assert.equal(made.way, "hex");
});

test("a run is told in a few words", () => {
  const { made } = composer("repeat");
  const words = (input, locations = null) => made.wordsOf({ checkpoint: "repeat", input, locations, interventions: [] });
  assert.equal(words({ sequence: SEQUENCE, repeats: 3 }), "2 vectors, 3 repeats on repeat");
  assert.equal(words({ sequence: [[0, 1, 0, 0, 1, 0, 0, 0]], repeats: 1 }, 1000), "“H”, 1 repeat on repeat, 1,000 locations");
});

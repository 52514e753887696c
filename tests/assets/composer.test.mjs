import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Composer, warningOf } from "../../frontend/tapedeck_page/assets/tape/composer.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const ROWS = ["10110011", "00101100"];
const TYPED = "10110011 00101100";
const READ = { way: "bits", typed: TYPED, rows: ROWS };
const SEQUENCE = [
  [1, 0, 1, 1, 0, 0, 1, 1],
  [0, 0, 1, 0, 1, 1, 0, 0],
];

/** A composer in which something stands, and all that it told. */
function composer(stands = {}, composed = READ) {
  const standing = { way: "bits", typed: TYPED, rows: null, locations: "", ...stands };
  const told = { runs: [], asked: [], accepted: 0 };
  const made = new Composer(() => standing, {
    run: (request) => told.runs.push(request),
    ask: (way) => told.asked.push(way),
    accept: () => told.accepted++,
    atChooser: () => told.atChooser,
  });
  made.known = { machine: "copy-1", link: null, composed };
  return { made, told, standing };
}

/** The page's server has read what stands there. */
const read = (made, composed) => made.know({ ...made.known, composed }, ["composed"]);

test("Run is answered at once, and never by the page's server", () => {
  const { made, told } = composer();
  made.run();
  assert.deepEqual(told.runs, [{ checkpoint: "copy-1", sequence: SEQUENCE, locations: null, interventions: [] }]);
  assert.deepEqual(told.asked, []);
  assert.equal(told.accepted, 1);
});

for (const [typed, asked] of [["", null], [" ", null], ["64", 64], ["2", 2], ["5000", 5000], ["-", "-"]]) {
  test(`“${typed}” locations are asked for as ${JSON.stringify(asked)}: what is wrong with them is the service's to say`, () => {
    const { made, told } = composer({ locations: typed });
    made.run();
    assert.equal(told.runs[0].locations, asked);
  });
}

test("a press waits until what was typed is read, and runs that", () => {
  const { made, told } = composer({ typed: "10110011" });
  made.run();
  assert.deepEqual(told.runs, []);
  read(made, { ...READ, typed: "10110011", rows: ["10110011"] });
  assert.deepEqual(told.runs.map(({ sequence }) => sequence), [[SEQUENCE[0]]]);
  read(made, { ...READ, typed: "10110011", rows: ["10110011"] });
  assert.equal(told.runs.length, 1, "one press is one run");
});

test("what is no sequence is not run, nor is what she types next", () => {
  const { made, told, standing } = composer({ typed: "1011x" });
  made.run();
  read(made, { way: "bits", typed: "1011x", rows: null });
  standing.typed = TYPED;
  read(made, READ);
  assert.deepEqual(told.runs, []);
});

test("what is not read in time is asked for once more", () => {
  const { made, told } = composer({ way: "hex", typed: "b3" });
  made.run();
  mock.timers.tick(499);
  assert.deepEqual(told.asked, []);
  mock.timers.tick(1);
  assert.deepEqual(told.asked, ["hex"]);
  made.again();
  assert.deepEqual(told.asked, ["hex", "hex"], "and again when the service is back");
  read(made, { way: "hex", typed: "b3", rows: ["10110011"] });
  assert.equal(told.runs.length, 1);
  made.again();
  mock.timers.tick(10_000);
  assert.equal(told.asked.length, 2, "and not when nothing waits");
});

test("a text field knows one kind of line break", () => {
  const { made, told } = composer({ way: "text", typed: "a\nb\nc" }, { way: "text", typed: "a\rb\r\nc", rows: ROWS });
  made.run();
  assert.equal(told.runs.length, 1);
});

test("a drawing is run as it is drawn", () => {
  const { made, told, standing } = composer({ way: "draw", typed: null, rows: ["11111111"] }, { way: "draw", typed: null, rows: ROWS });
  made.run();
  assert.deepEqual(told.runs, []);
  standing.rows = ROWS;
  made.run();
  assert.equal(told.runs.length, 1);
});

test("a sequence that is on its way is waited for", () => {
  const { made, told } = composer({ way: "examples", typed: null }, { way: "examples", typed: null, rows: ["11111111"] });
  made.awaited = true;
  made.run();
  assert.deepEqual(told.runs, []);
  read(made, { way: "examples", typed: null, rows: ROWS });
  assert.deepEqual(told.runs.map(({ sequence }) => sequence), [SEQUENCE]);
});

test("another machine runs what is composed", () => {
  const { made, told } = composer();
  made.know({ ...made.known, machine: "copy-2" }, ["machine"]);
  assert.equal(told.runs[0].checkpoint, "copy-2");
});

test("a link runs with its own locations and interventions, whatever stands there", () => {
  const { made, told } = composer({ typed: "not yet drawn by Dash", locations: "" });
  const link = { checkpoint: "copy-1", rows: ROWS, locations: 64, interventions: [{ step: 3 }] };
  made.know({ ...made.known, link }, ["machine", "link", "composed"]);
  assert.deepEqual(told.runs, [{ checkpoint: "copy-1", sequence: SEQUENCE, locations: 64, interventions: [{ step: 3 }] }]);
});

/** A composer whose chooser is told what to name. */
function named() {
  const { made, told } = composer();
  told.names = [];
  made.told.name = (machine) => told.names.push(machine);
  made.heard = "copy-1";
  return { made, told, hears: (machine) => made.know({ ...made.known, machine }, ["machine"]) };
}

test("a machine that the tape shows is chosen at once, and named without being run", () => {
  const { made, told, hears } = named();
  made.follow("a");
  assert.equal(made.known.machine, "a");
  made.follow("b");
  made.follow("c");
  assert.deepEqual(told.names, ["a"], "one name at a time");
  hears("a");
  assert.deepEqual(told.names, ["a", "c"]);
  hears("a");
  assert.equal(made.known.machine, "c", "Dash may say again what it said before");
  assert.deepEqual(told.names, ["a", "c", "c"], "the chooser may have dropped what it was told, and is told again");
  hears("c");
  assert.deepEqual(told.runs, []);
  made.run();
  assert.deepEqual(told.runs.map(({ checkpoint }) => checkpoint), ["c"]);
});

test("a machine that is chosen while the chooser is being told another is run", () => {
  const { made, told, hears } = named();
  made.follow("a");
  hears("b");
  assert.deepEqual(told.runs.map(({ checkpoint }) => checkpoint), ["b"]);
});

test("a machine that the chooser names late, after the next, is not run", () => {
  const { made, told, hears } = named();
  for (const machine of ["a", "b"]) {
    made.follow(machine);
    hears(machine);
  }
  hears("a");
  assert.equal(made.known.machine, "b", "the tape's machine stays the chosen one");
  assert.equal(told.names.at(-1), "b", "the chooser is told so");
  hears("b");
  hears("b");
  assert.deepEqual(told.runs, []);
});

test("a machine that the tape has shown before can be chosen", () => {
  const { made, told, hears } = named();
  for (const machine of ["a", "b"]) {
    made.follow(machine);
    hears(machine);
  }
  told.atChooser = true;
  hears("a");
  assert.deepEqual(told.runs.map(({ checkpoint }) => checkpoint), ["a"]);
});

test("a machine of another width waits for a sequence that it reads", () => {
  const { made, told } = composer();
  const machines = [{ id: "five", config: { bits: 5, locations: 128 } }];
  made.know({ ...made.known, machine: "five", machines, composed: { ...READ, bits: 8 } }, ["machine"]);
  assert.deepEqual(told.runs, []);
  const five = { way: "bits", typed: TYPED, rows: ["10110"], bits: 5, refused: false };
  made.know({ ...made.known, composed: five }, ["composed"]);
  assert.deepEqual(told.runs.map(({ sequence }) => sequence), [[[1, 0, 1, 1, 0]]]);
});

for (const [length, locations, said] of [
  [126, "", ""],
  [127, "", " · more than the 126 that 128 locations can hold: expect errors"],
  [30, 16, " · more than the 14 that 16 locations can hold: expect errors"],
  [14, 16, ""],
  [21, 1024, " · longer than the 20 vectors that this machine was trained on"],
  [3, 64.5, " · a memory has 3 to 4,096 locations, a whole number of them"],
  [3, 2, " · a memory has 3 to 4,096 locations, a whole number of them"],
]) {
  test(`${length} vectors in ${locations || "as many"} locations: “${said}”`, () => {
    const machine = { id: "copy-1", config: { bits: 8, locations: 128 } };
    if (said.includes("trained")) machine.origin = { recipe: { longest: 20 } };
    const composed = { ...READ, rows: new Array(length).fill(ROWS[0]) };
    assert.equal(warningOf(composed, machine, locations), said);
    assert.equal(warningOf({ ...composed, refused: true }, machine, locations), "", "nothing beside a refusal");
  });
}

test("without a machine nothing is run", () => {
  const { made, told } = composer();
  made.known.machine = null;
  made.run();
  assert.deepEqual(told.runs, []);
});

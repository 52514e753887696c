/** The learning film without its picture: which checkpoints it has, and whose turn it is. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { inFew } from "../../frontend/tapedeck_page/assets/tape/budget.mjs";
import { Reel, seriesOf } from "../../frontend/tapedeck_page/assets/tape/reel.mjs";
import { copyRun, frames } from "../viewer/recording.mjs";

const REQUEST = { checkpoint: "copy-1", input: { sequence: [[1, 0]] }, locations: null, interventions: [] };

/** A machine as the service lists it. */
const machine = (id, seen, metrics = {}, run = "copy-1") => ({ id, sequences_seen: seen, metrics, origin: { run } });

/** The series of a run so far, in an order of the service's own. */
const series = (...seen) => seen.map((each) => machine(`copy-1-${String(each).padStart(6, "0")}`, each)).reverse();

const names = (reel) => reel.checkpoints.map(({ id }) => id);

/** The whole run of the checkpoint whose turn it is. */
function runNext(reel) {
  const { head, all } = copyRun(["10110011"]);
  const trace = reel.open({ ...head, checkpoint: { ...head.checkpoint, id: reel.next().checkpoint } });
  for (const frame of frames(head, all, [16])) trace.append(frame);
  trace.finish({ wrong: 0, score: null, diagnosis: null });
  return reel.finish();
}

/** A film that has begun, standing at the machine of that id. */
function begun(machines, id) {
  const reel = new Reel();
  reel.choose(machines, id);
  reel.begin(REQUEST);
  return reel;
}

test("a series is what one run has left, in the order of training", () => {
  const others = [machine("copy-2-000100", 100, {}, "copy-2"), { id: "broken", error: "unreadable" }, machine("x", null)];
  const found = seriesOf([...others, ...series(0, 400, 200)], "copy-1-000200");
  assert.deepEqual(found.map(({ id, seen }) => [id, seen]), [["copy-1-000000", 0], ["copy-1-000200", 200], ["copy-1-000400", 400]]);
});

test("a machine that was not trained here, or is not known, has no series", () => {
  assert.deepEqual(seriesOf([{ id: "made", sequences_seen: 0, metrics: {}, origin: { kind: "made" } }], "made"), []);
  assert.deepEqual(seriesOf(series(0, 400), "elsewhere"), []);
});

for (const order of ["the machine first", "the series first"]) {
  test(`the final machine and the last of its series are one checkpoint, ${order}`, () => {
    const twins = [
      machine("copy-1", 400, { bit_error_rate: 0.25 }),
      machine("copy-1-000400", 400, { loss: 0.5, bit_error_rate: 0.25, validation_errors: 30, validation_bits: 1000 }),
    ];
    const [only, ...more] = seriesOf(order === "the machine first" ? twins : twins.reverse(), "copy-1");
    assert.deepEqual(more, []);
    assert.equal(only.id, "copy-1");
    assert.equal(only.loss, 0.5);
  });
}

test("the bit error rate is that of the validation, or of training where there was none", () => {
  const [trained, validated, neither] = seriesOf(
    [
      machine("copy-1-000100", 100, { loss: 0.7, bit_error_rate: 0.5 }),
      machine("copy-1-000200", 200, { loss: 0.6, bit_error_rate: 0.5, validation_errors: 30, validation_bits: 1000 }),
      machine("copy-1-000300", 300),
    ],
    "copy-1-000100",
  );
  assert.deepEqual([trained.errorRate, validated.errorRate, neither.errorRate, neither.loss], [0.5, 0.03, null, null]);
});

test("the first exact checkpoint is known of the sequence once all before it have run, and of the validation from its own count", () => {
  const reel = begun([machine("copy-1-000300", 300, { solved_at: 150 }), ...series(0, 100, 200)], "copy-1-000200");
  const validation = { of: "validation", seen: 150, at: 1.5 };
  assert.equal(runNext(reel), 2);
  assert.deepEqual(reel.firstExact, [validation]);
  runNext(reel);
  assert.deepEqual(reel.firstExact, [{ of: "yours", seen: 0, at: 0 }, validation]);
  assert.deepEqual(begun(series(0, 100), "copy-1-000100").firstExact, []);
});

test("what is shown runs first, then the others in the order of training", () => {
  const reel = begun(series(0, 100, 200, 300), "copy-1-000200");
  assert.equal(reel.next().checkpoint, "copy-1-000200");
  assert.deepEqual(reel.next().then, ["copy-1-000000", "copy-1-000100", "copy-1-000300"]);
  assert.deepEqual(reel.next().input, REQUEST.input);
  const ran = [];
  while (reel.next()) ran.push(runNext(reel));
  assert.deepEqual(ran, [2, 0, 1, 3]);
  assert.equal(reel.running, undefined);
  assert.equal(reel.finish(), -1);
});

test("only the first run of a film is the first", () => {
  const reel = begun(series(0, 100), "copy-1-000000");
  assert.equal(reel.first, false);
  runNext(reel);
  assert.equal(reel.first, true);
  runNext(reel);
  assert.equal(reel.first, false);
});

test("a machine without a series gives no film", () => {
  const reel = begun([{ id: "made", sequences_seen: 0, metrics: {}, origin: { kind: "made" } }], "made");
  assert.equal(reel.next(), null);
  assert.deepEqual([reel.index, reel.last, reel.running], [0, -1, undefined]);
  assert.equal(reel.extend(series(0, 100)), false);
});

test("all traces of a film have one scale, those of the next another", () => {
  const reel = begun(series(0, 100), "copy-1-000000");
  runNext(reel);
  runNext(reel);
  assert.equal(reel.traces[0].scales, reel.traces[1].scales);
  const { scales } = reel.traces[0];
  reel.begin(REQUEST);
  runNext(reel);
  assert.notEqual(reel.traces[0].scales, scales);
});

test("a film that grows keeps what has run, what is shown and what runs now", () => {
  const reel = begun(series(0, 100, 200), "copy-1-000000");
  runNext(reel);
  const [kept] = reel.traces;
  assert.equal(reel.running, 1);
  assert.equal(reel.extend(series(0, 100, 200, 300)), true);
  assert.equal(reel.traces[0], kept);
  assert.deepEqual([reel.index, reel.queue], [0, [1, 2, 3]]);
});

test("a film that has ended goes on with what is new", () => {
  const reel = begun(series(0, 100), "copy-1-000000");
  runNext(reel);
  runNext(reel);
  assert.equal(reel.next(), null);
  assert.equal(reel.extend(series(0, 100)), false);
  assert.equal(reel.extend(series(0, 100, 200)), true);
  assert.equal(reel.next().checkpoint, "copy-1-000200");
});

test("the last on the way gives its place to the machine that it became", () => {
  const reel = begun(series(0, 100), "copy-1-000100");
  runNext(reel);
  runNext(reel);
  assert.equal(reel.extend([machine("copy-1", 100), ...series(0, 100)]), true);
  assert.deepEqual(names(reel), ["copy-1-000000", "copy-1"]);
  assert.equal(reel.next(), null, "it has run, under its other name");
});

test("a list that has lost machines changes nothing", () => {
  const reel = begun(series(0, 100, 200), "copy-1-000000");
  assert.equal(reel.extend(series(0, 100)), false);
  assert.equal(reel.last, 2);
});

test("a series that grows before there is a film begins none", () => {
  const reel = new Reel();
  reel.choose(series(0, 100), "copy-1-000000");
  assert.equal(reel.extend(series(0, 100, 200)), true);
  assert.deepEqual([reel.last, reel.next(), reel.traces], [2, null, []]);
});

test("who stands at the end follows what is newest, who stands elsewhere stays", () => {
  for (const [at, then] of [["copy-1-000100", 2], ["copy-1-000000", 0]]) {
    const reel = begun(series(0, 100), at);
    runNext(reel);
    runNext(reel);
    reel.extend(series(0, 100, 200));
    assert.equal(reel.index, at === "copy-1-000100" ? 1 : 0, "not before it has run");
    runNext(reel);
    assert.equal(reel.index, then);
  }
});

test("nobody gets beyond the ends, and going to the last is following", () => {
  const reel = begun(series(0, 100, 200), "copy-1-000100");
  for (const [to, index, following] of [[-5, 0, false], [99, 2, true], [1, 1, false]]) {
    reel.select(to);
    assert.deepEqual([reel.index, reel.following], [index, following]);
  }
});

test("a trace is shown when all of it has come", () => {
  const reel = begun(series(0, 100), "copy-1-000000");
  const { head } = copyRun(["10110011"]);
  const trace = reel.open({ ...head, checkpoint: { ...head.checkpoint, id: reel.next().checkpoint } });
  assert.equal(reel.shown, undefined);
  trace.finish({ wrong: 3, score: null, diagnosis: null });
  assert.equal(reel.shown, trace);
});


const SEEN = Array.from({ length: 26 }, (_, index) => 100 * index);
const idAt = (index) => `copy-1-${String(SEEN[index]).padStart(6, "0")}`;

/** A film of 26 checkpoints whose runs take so many megabytes each; the header of the first has come. */
function begunLong(megabytes, at) {
  const { head } = copyRun(["10110011"]);
  const length = Math.floor((megabytes * 1e6) / 4 / head.steps);
  const reel = begun(series(...SEEN), idAt(at));
  reel.open({ ...head, checkpoint: { ...head.checkpoint, id: idAt(at) }, fields: [...head.fields, { name: "more", shape: [length], axes: [], role: "scalar", range: [null, null] }] });
  return reel;
}

test("a film that has room for all of its checkpoints has all", () => {
  assert.deepEqual(begunLong(15, 3).stations, [...SEEN.keys()]);
});

test("of a long run fewer are filmed, evenly, with the first, the last and the one shown", () => {
  const reel = begunLong(30, 7);
  assert.equal(reel.stations.length, 13);
  assert.deepEqual([reel.running, reel.index], [7, 7]);
  for (const index of [0, 7, 25]) assert.ok(reel.stations.includes(index), `${index}`);
  const gaps = reel.stations.slice(1).map((index, place) => index - reel.stations[place]);
  assert.ok(Math.max(...gaps) <= 4, gaps.join());
  assert.deepEqual([...reel.queue].sort((a, b) => a - b), reel.stations, "nothing else is run");
});

test("of a run so long that not even the ends fit beside it, only the one shown is filmed", () => {
  const reel = begunLong(190, 7);
  assert.deepEqual([reel.stations, reel.queue, reel.index], [[7], [7], 7]);
  reel.finish();
  assert.equal(reel.extend(series(...SEEN, 2600)), true);
  assert.deepEqual([reel.stations, reel.queue, reel.index], [[7], [], 7]);
});

test("only what is filmed is shown", () => {
  const reel = begunLong(100, 7);
  assert.deepEqual(reel.stations.length, 3);
  for (const [deed, to, index] of [["select", 3, 0], ["select", 4, 7], ["move", 1, 25], ["move", 1, 25], ["move", -9, 0]]) {
    reel[deed](to);
    assert.equal(reel.index, index, `${deed} ${to}`);
  }
});

test("a long film that grows has no more than before, and lets go of what it has no room for", () => {
  const reel = begunLong(30, 7);
  while (reel.running !== undefined) reel.traces[reel.finish()] ??= {};
  const before = reel.stations.length;
  reel.extend(series(...SEEN, 2600, 2700));
  assert.equal(reel.stations.length, before);
  for (const index of [0, 7, 27]) assert.ok(reel.stations.includes(index), `${index}`);
  assert.ok(reel.traces.every((trace, index) => !trace || reel.stations.includes(index)));
  assert.deepEqual(reel.queue, reel.stations.filter((index) => !reel.traces[index]));
});

test("the next film of the same machines has room of its own", () => {
  const reel = begunLong(190, 7);
  reel.begin(REQUEST);
  assert.deepEqual(reel.stations, [...SEEN.keys()]);
});

test("that some are left out is said in one sentence", () => {
  assert.equal(inFew(26, 26), "");
  assert.equal(inFew(14, 26), "14 of 26 checkpoints: this run is long.");
  assert.match(inFew(1, 26), /^Only the checkpoint of this machine, of 26: /);
});

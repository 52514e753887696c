/** What each head does over a run, in words: from made-up weightings, gates and shifts alone. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { conductOf } from "#viewer/model/conduct.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { cases, traceOf } from "./cases.mjs";
import { header, rows } from "./recording.mjs";

const VECTORS = 9; // 20 steps: what is told has 11, what is answered 9
const [STEPS, ANSWER] = [2 * VECTORS + 2, VECTORS + 2];
const LOCATIONS = 64;
const [WRITE, READ] = [["write", "write"], ["read", "read"]];

/** A weighting with all its weight at a location, or evenly over the first `over` from there. */
const at = (location, over = 1) => (index) => ((index - location + LOCATIONS) % LOCATIONS < over ? 1 / over : 0);

/** The conduct of heads whose weighting at a step is `weightings[head](step)(location)`; `gate` is theirs where they have one. */
function conducted(heads, weightings, { gate = null, phases = null } = {}) {
  const head = header({ vectors: VECTORS, locations: LOCATIONS, focus: 0, heads });
  if (phases) head.phases = phases;
  for (const { name, fields } of gate === null ? [] : head.heads) {
    const scalar = { axes: [], role: "scalar", range: [0, 1], equation: "" };
    for (const [stage, shape] of [["interpolation_gate", []], ["shift_weighting", [3]]]) {
      fields.push(`${name}.${stage}`);
      head.fields.push({ ...scalar, name: `${name}.${stage}`, shape });
    }
  }
  const trace = new Trace(head);
  const all = rows(head, (field, step, index) => {
    const [name, stage] = field.split(".");
    if (stage === "weighting") return weightings[name](step)(index);
    if (stage === "interpolation_gate") return gate;
    return stage === "shift_weighting" ? Number(index === 1) : 0;
  });
  trace.append({ first: 0, count: STEPS, total: STEPS, rows: all });
  return Object.fromEntries(conductOf(trace));
}

/** Of one head that reads, beside one that writes to location 60 all the time. */
const reading = (weighting, more) => conducted([WRITE, READ], { write: () => at(60), read: weighting }, more).read;

const CASES = {
  "stays at 12": () => at(12),
  "one on each step": (step) => at(step),
  "one back each step": (step) => at(LOCATIONS - step),
  "spread over 30": () => at(5, 37), // four fifths of it
  "looks at no location": () => () => 0,
  "one on each step, then stays at 10": (step) => at(Math.min(step, ANSWER - 1)),
  "stays around 12": () => at(12, 3),
  "stays at 6, then around 6": (step) => at(6, step < ANSWER || step % 4 === 0 ? 1 : 3),
  "mostly one on": (step) => at(step % 5 < 3 ? step : step + 20),
  "mostly at 9": (step) => at(9, step % 3 === 1 ? 30 : 1),
  "moves 3 times": (step) => at(Math.floor(step / 5), step % 5 === 2 ? 30 : 1),
  "stays at 3, then at 40": (step) => at(step < ANSWER ? 3 : 40),
  "stays at 0, then one on each step": (step) => at(step < ANSWER ? 0 : step),
  "spread over 4, then over 20": (step) => at(0, step < ANSWER ? 5 : 25),
  "one on each step, 1 jump": (step) => at(step < 9 ? step : step + 20),
  "mostly at 7": (step) => at(step % 5 === 2 ? 8 : 7),
  "moves among 4 places": (step) => at(Math.floor(step / 3) % 4),
};

for (const [words, weighting] of Object.entries(CASES)) {
  const whole = words.includes("then") ? {} : { phases: [{ name: "stream", role: "prediction", start: 0, stop: STEPS }] };
  test(`a head is said to do what it does: ${words}`, () => {
    assert.equal(reading(weighting, whole).words, words);
  });
}

test("a jump is by content where the gate lets content through", () => {
  const everywhere = (step) => at((step * 17) % LOCATIONS);
  assert.equal(reading(everywhere, { gate: 0.9 }).words, "jumps by content");
  assert.equal(reading(everywhere, { gate: 0.1 }).words, "jumps");
  assert.equal(reading(everywhere).words, "jumps");
});

test("only a head that never moves is still", () => {
  assert.equal(reading(() => at(12)).still, true);
  assert.equal(reading((step) => at(step === 4 ? 13 : 12)).still, false);
  assert.equal(reading((step) => (step === 4 ? at(12, 9) : at(12))).still, false);
  assert.equal(reading(() => at(12, 30)).still, false);
});

test("a head that looks where another does is said to do the same, of the whole run or of a part", () => {
  const heads = [["read1", "read"], ["write1", "write"], ["write2", "write"], ["read2", "read"]];
  const counting = (step) => at(step);
  const found = conducted(heads, { write1: counting, read1: counting, write2: () => at(9), read2: (step) => (step < ANSWER ? at(0, 30) : counting(step)) });
  assert.deepEqual(
    Object.entries(found).map(([name, { words }]) => `${name}: ${words}`),
    ["write1: one on each step", "write2: stays at 9", "read1: same as write 1", "read2: spread over 24, then same as write 1"],
  );
  assert.equal(conducted([WRITE, READ], { write: counting, read: counting }).read.words, "same as the write head");
});

test("what the heads of a run do is what Python says", () => {
  const said = JSON.parse(readFileSync(new URL("../fixtures/conduct.json", import.meta.url), "utf8"));
  assert.deepEqual(Object.keys(said), cases.map(({ name }) => name));
  for (const one of cases) {
    assert.deepEqual(Object.fromEntries([...conductOf(traceOf(one))].map(([name, { words }]) => [name, words])), said[one.name], one.name);
  }
});

test("two heads that stay at one place are both said to stay there", () => {
  const found = conducted([WRITE, READ], { write: () => at(3), read: () => at(3) });
  assert.deepEqual(found, { write: { words: "stays at 3", still: true }, read: { words: "stays at 3", still: true } });
});

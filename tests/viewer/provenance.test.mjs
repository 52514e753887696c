import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { sentenceOf } from "#viewer/model/accounts.mjs";
import { byStep, recordedOf, sharesOf, sourcesOf, termsOf } from "#viewer/model/provenance.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { frames, header, randomNumbers, rows } from "./recording.mjs";

const BITS = 10;
const TOLERANCE = 1e-6;

/** A made-up run with weightings that sum to 1, any erase and add vectors, and an output layer. */
function madeUp(seed) {
  const random = randomNumbers(seed);
  const head = header({ vectors: 4, locations: 7, width: 3, initialMemory: 0.3 });
  const weights = Array.from({ length: BITS }, () => Array.from({ length: 3 }, () => 2 * random() - 1));
  const bias = Array.from({ length: BITS }, () => random() - 0.5);
  head.output = { terms: [{ name: "reads", fields: ["read.read_vector"], weights }], bias, activation: "clamp" };
  const all = rows(head, () => random());
  const trace = new Trace(head);
  for (const frame of frames(head, all, [5])) trace.append(frame);
  for (let step = 0; step < trace.steps; step++) {
    for (const name of ["write.weighting", "read.weighting"]) {
      const weighting = trace.at(name, step);
      const sum = weighting.reduce((a, b) => a + b, 0);
      weighting.forEach((w, i) => (weighting[i] = w / sum));
    }
  }
  return trace;
}

/** The same terms by running forward: a memory for each write alone, and one for what was there before. */
function forward(trace, step, channel) {
  const { width, locations } = trace;
  const { terms: [{ weights: weight }], bias } = trace.header.output;
  const memories = [Float64Array.from(trace.memory.start)];
  for (let t = 0; t <= step; t++) {
    const [w, e, a] = ["weighting", "erase_vector", "add_vector"].map((name) => trace.at(`write.${name}`, t));
    const own = new Float64Array(locations * width);
    for (let i = 0; i < locations; i++) {
      for (let m = 0; m < width; m++) {
        for (const memory of memories) memory[i * width + m] *= 1 - w[i] * e[m];
        own[i * width + m] = w[i] * a[m];
      }
    }
    memories.push(own);
  }
  const reading = trace.at("read.weighting", step);
  const terms = memories.map((memory) => {
    let term = 0;
    for (let m = 0; m < width; m++) {
      let read = 0;
      for (let i = 0; i < locations; i++) read += reading[i] * memory[i * width + m];
      term += channel === null ? Math.abs(read) : weight[channel][m] * read;
    }
    return term;
  });
  return { initial: terms[0], writes: terms.slice(1), bias: channel === null ? 0 : bias[channel] };
}

for (const channel of [null, 0, 7]) {
  test(`the terms of ${channel === null ? "a read" : `output ${channel}`} are those of a loop that runs forward`, () => {
    const trace = madeUp(1 + (channel ?? 20));
    for (const step of [0, 3, 9]) {
      const [found, expected] = [termsOf(recordedOf(trace), { step: step, reader: 0, channel: channel }), forward(trace, step, channel)];
      assert.equal(found.writes.length, step + 1);
      expected.writes.forEach((term, tau) => assert.ok(Math.abs(found.writes[tau] - term) < TOLERANCE, `write ${tau} at ${step}`));
      assert.ok(Math.abs(found.initial - expected.initial) < TOLERANCE);
      assert.equal(found.bias, expected.bias);
    }
  });
}

test("shares keep the sign of their terms, and their magnitudes are together 1", () => {
  const shares = sharesOf({ writes: Float64Array.of(1, -2), initial: 0, interventions: new Float64Array(0), bias: -1, others: {} });
  assert.deepEqual([...shares.writes, shares.initial, shares.bias], [0.25, -0.5, 0, -0.25]);
  assert.equal(sharesOf({ writes: Float64Array.of(0), initial: 0, interventions: new Float64Array(0), bias: 0, others: {} }).initial, 0);
});

test("what a read mostly comes from: the greatest first, with the location through which it was read", () => {
  const trace = madeUp(5);
  trace.at("read.weighting", 6).set([0, 0, 0.9, 0.05, 0.05, 0, 0]);
  trace.at("write.weighting", 4).set([0, 0.6, 0.4, 0, 0, 0, 0]);
  const shares = { writes: Float64Array.of(0, 0, 0.01, 0.2, 0.7), initial: 0, interventions: new Float64Array(0), bias: 0.09, others: {}, by: new Uint8Array(5) };
  const { reads, writes } = sourcesOf(recordedOf(trace), { step: 6, reader: 0, channel: null }, shares);
  assert.deepEqual(reads, [{ reader: 0, locations: [2] }]);
  assert.deepEqual(writes.map(({ step }) => step), [4, 3]);
  assert.equal(writes[0].location, 2);
});

test("a read's term that points against what is read is below 0", () => {
  const trace = madeUp(3);
  for (let t = 0; t < 2; t++) {
    trace.at("write.erase_vector", t).fill(0);
    trace.at("write.add_vector", t).fill(t === 0 ? 5 : -2);
  }
  trace.memory.start.fill(0);
  const { writes } = termsOf(recordedOf(trace), { step: 1, reader: 0, channel: null });
  assert.ok(writes[0] > 0 && writes[1] < 0, String(writes));
});

/**
 * A run of two heads of each kind whose outputs see the controller and the inputs too, as the service recorded and explained it; and
 * the same with cells of the memory that were set on the way.
 */
const { changed: CHANGED, ...PLAIN } = JSON.parse(readFileSync(new URL("../fixtures/provenance.json", import.meta.url), "utf8"));
const RUNS = Object.entries({ "as it was": PLAIN, "with interventions": CHANGED });

/** A trace, as if it had come over the stream. */
function recorded(described) {
  const trace = new Trace(described);
  const values = ({ name }, step) => [described[name][step]].flat();
  const rows = Array.from({ length: trace.steps }, (_, step) => described.fields.flatMap((field) => values(field, step))).flat();
  trace.append({ first: 0, count: trace.steps, total: trace.steps, rows: Float32Array.from(rows) });
  return trace;
}

const assertNear = (found, expected, where) => assert.ok(Math.abs(found - expected) < 1e-5, `${where}: ${found}, expected ${expected}`);

for (const [how, service] of RUNS) test(`reads of several heads come from where the service says, of a run ${how}`, () => {
  const trace = recorded(service.trace);
  for (const { step, reads, sentences } of service.steps) {
    trace.readers.forEach(({ name }, reader) => {
      const asked = { step, reader, channel: null };
      const terms = termsOf(recordedOf(trace), asked);
      const { shares } = reads[name];
      const found = sharesOf(terms);
      trace.writers.forEach((head, place) => {
        shares.writes[head.name].forEach((share, tau) => assertNear(Math.abs(found.writes[tau * 2 + place]), share, `${name} at ${step}, ${head.name} at ${tau}`));
      });
      assertNear(Math.abs(found.initial), shares.initial, `${name} at ${step}, initial memory`);
      assert.equal(found.interventions.length, shares.interventions?.length ?? 0);
      shares.interventions?.forEach((share, tau) => assertNear(Math.abs(found.interventions[tau]), share, `${name} at ${step}, set before ${tau}`));
      assert.equal(sentenceOf(trace, asked, found), sentences.reads[name]);
    });
  }
});

for (const [how, service] of RUNS) test(`outputs of several terms come from where the service says, of a run ${how}`, () => {
  const trace = recorded(service.trace);
  for (const { step, outputs, sentences } of service.steps) {
    trace.header.output_channels.forEach((_, channel) => {
      const asked = { step, reader: 0, channel };
      const terms = termsOf(recordedOf(trace), asked);
      trace.writers.forEach((head, place) => {
        outputs.writes[head.name].forEach((given, tau) => assertNear(terms.writes[tau * 2 + place], given[channel], `output ${channel} at ${step}, ${head.name} at ${tau}`));
      });
      assertNear(terms.initial, outputs.initial[channel], "initial memory");
      outputs.interventions?.forEach((given, tau) => assertNear(terms.interventions[tau], given[channel], `output ${channel} at ${step}, set before ${tau}`));
      assertNear(terms.bias, outputs.bias[channel], "bias");
      assertNear(terms.others.hidden, outputs.hidden[channel], "hidden");
      assertNear(terms.others.inputs, outputs.inputs[channel], "inputs");
      assert.equal(sentenceOf(trace, asked, terms), sentences.outputs[channel]);
    });
  }
});

test("the memory that interventions changed is what the service has, wherever it is looked at from", () => {
  const trace = recorded(CHANGED.trace);
  for (const step of [7, 3, 4, 0, 2, 6, 5, 1]) {
    const expected = CHANGED.memories[step].flat();
    trace.memoryAt(step).forEach((value, cell) => assertNear(value, expected[cell], `step ${step}, cell ${cell}`));
  }
  trace.memory.newest.forEach((value, cell) => assertNear(value, CHANGED.memories[7].flat()[cell], `newest, cell ${cell}`));
  const set = 4 * trace.width;
  assert.equal(trace.memory.within(3, 0)[set], 0.75);
  assert.notEqual(trace.memoryAt(2)[set], 0.75);
});

test("what was set in another memory is refused in one sentence", () => {
  const { trace } = CHANGED;
  const refused = (field, at, says) => {
    const values = [...trace[`memory.applied.${field}`]];
    values[1] = at;
    assert.throws(() => new Trace({ ...trace, [`memory.applied.${field}`]: values }), { name: "RangeError", message: says });
  };
  refused("steps", 8, "A change of the memory has the step 8; this run has 8, counted from 0.");
  refused("rows", -1, "A change of the memory has the row -1; this run has 5, counted from 0.");
  refused("columns", 0.5, "A change of the memory has the column 0.5; this run has 3, counted from 0.");
  refused("values", null, "A change of the memory is set to what is no number.");
  assert.throws(() => new Trace({ ...trace, "memory.applied.rows": [] }), /needs a step, a row, a column and a value/);
});

test("what the steps of several heads gave is taken together by magnitude", () => {
  assert.deepEqual([...byStep(Float64Array.of(0.2, -0.1, -0.3, 0.1), 2)].map((share) => share.toFixed(2)), ["0.30", "-0.40"]);
});

test("where an intervention changed a read vector, the terms have its gain, and what it put in is its own", () => {
  const plain = recordedOf(madeUp(5));
  const changed = new Map([["6/0", { gains: Float64Array.of(0, 1, -2), offsets: Float64Array.of(0.5, 0, 1) }]]);
  const asked = { step: 6, reader: 0, channel: 3 };
  const [before, after] = [plain, { ...plain, changed }].map((recorded) => termsOf(recorded, asked));
  const { weights } = plain.readers[0];
  assert.ok(weights);
  assert.ok(Math.abs(after.interventions[6] - (0.5 * weights[3][0] + weights[3][2])) < TOLERANCE);
  const scaled = { ...plain, readers: [{ ...plain.readers[0], weights: weights.map(([, b, c]) => [0, b, -2 * c]) }] };
  const expected = termsOf(scaled, asked);
  after.writes.forEach((term, at) => assert.ok(Math.abs(term - expected.writes[at]) < TOLERANCE));
  assert.ok(Math.abs(after.initial - expected.initial) < TOLERANCE);
  assert.equal(before.interventions.length, 0);
  assert.equal(termsOf({ ...plain, changed }, { ...asked, step: 5 }).interventions.every((term) => term === 0), true);
});

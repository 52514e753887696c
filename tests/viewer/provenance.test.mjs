import assert from "node:assert/strict";
import { test } from "node:test";

import { sharesOf, sourcesOf, termsOf } from "#viewer/model/provenance.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { frames, header, randomNumbers, rows } from "./recording.mjs";

const BITS = 10;
const TOLERANCE = 1e-6;

/** A made-up run with weightings that sum to 1, any erase and add vectors, and an output layer. */
function madeUp(seed) {
  const random = randomNumbers(seed);
  const head = header({ vectors: 4, locations: 7, width: 3, initialMemory: 0.3 });
  head.output_layer = {
    weight: Array.from({ length: BITS }, () => Array.from({ length: 3 }, () => 2 * random() - 1)),
    bias: Array.from({ length: BITS }, () => random() - 0.5),
  };
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
  const { weight, bias } = trace.header.output_layer;
  const memories = [Float64Array.from(trace.kept[0])];
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
      const [found, expected] = [termsOf(trace, step, channel), forward(trace, step, channel)];
      assert.equal(found.writes.length, step + 1);
      expected.writes.forEach((term, tau) => assert.ok(Math.abs(found.writes[tau] - term) < TOLERANCE, `write ${tau} at ${step}`));
      assert.ok(Math.abs(found.initial - expected.initial) < TOLERANCE);
      assert.equal(found.bias, expected.bias);
    }
  });
}

test("shares keep the sign of their terms, and their magnitudes are together 1", () => {
  const shares = sharesOf({ writes: Float64Array.of(1, -2), initial: 0, bias: -1 });
  assert.deepEqual([...shares.writes, shares.initial, shares.bias], [0.25, -0.5, 0, -0.25]);
  assert.equal(sharesOf({ writes: Float64Array.of(0), initial: 0, bias: 0 }).initial, 0);
});

test("what a read mostly comes from: the greatest first, with the location through which it was read", () => {
  const trace = madeUp(5);
  trace.at("read.weighting", 6).set([0, 0, 0.9, 0.05, 0.05, 0, 0]);
  trace.at("write.weighting", 4).set([0, 0.6, 0.4, 0, 0, 0, 0]);
  const { locations, writes } = sourcesOf(trace, 6, { writes: Float64Array.of(0, 0, 0.01, 0.2, 0.7), initial: 0, bias: 0.09 });
  assert.deepEqual(locations, [2]);
  assert.deepEqual(writes.map(({ step }) => step), [4, 3]);
  assert.equal(writes[0].location, 2);
});

test("a read's term that points against what is read is below 0", () => {
  const trace = madeUp(3);
  for (let t = 0; t < 2; t++) {
    trace.at("write.erase_vector", t).fill(0);
    trace.at("write.add_vector", t).fill(t === 0 ? 5 : -2);
  }
  trace.kept[0].fill(0);
  const { writes } = termsOf(trace, 1, null);
  assert.ok(writes[0] > 0 && writes[1] < 0, String(writes));
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Explainer } from "#viewer/model/explainer.mjs";
import { fieldsOf, recordedOf, sharesOf, termsOf } from "#viewer/model/provenance.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { frames, header, randomNumbers, rows } from "./recording.mjs";

const CHANNELS = 10;

function recording(seed) {
  const random = randomNumbers(seed);
  const head = header({ vectors: 6, locations: 9, width: 3 });
  const vector = (length) => Array.from({ length }, () => 2 * random() - 1);
  const weights = Array.from({ length: CHANNELS }, () => vector(3));
  head.output = { terms: [{ name: "reads", fields: ["read.read_vector"], weights }], bias: vector(CHANNELS), activation: "clamp" };
  const trace = new Trace(head);
  for (const frame of frames(head, rows(head, () => random() / 4), [5])) trace.append(frame);
  return trace;
}

/** What the page sends of a run. */
function messages(trace, run) {
  const { at, ...past } = recordedOf(trace);
  const fields = fieldsOf(past);
  const lengths = Object.fromEntries(fields.map((name) => [name, trace.field(name).length]));
  const columns = Object.fromEntries(fields.map((name) => [name, new Float32Array(trace.steps * lengths[name])]));
  for (const name of fields) for (let step = 0; step < trace.steps; step++) columns[name].set(trace.at(name, step), step * lengths[name]);
  const begin = { kind: "begin", run, steps: trace.steps, lengths, past };
  return [begin, { kind: "rows", run, first: 0, count: trace.steps, columns }];
}

/** An explainer that pauses until it is let go on, and what it has told. */
function paused() {
  const [told, waiting] = [[], []];
  const explainer = new Explainer((message) => told.push(message), () => new Promise((resolve) => waiting.push(resolve)));
  const settle = async () => {
    for (let idle = 0; idle < 50; idle++) {
      if (waiting.length > 0) idle = 0;
      waiting.shift()?.();
      await Promise.resolve();
    }
  };
  return { explainer, told, settle };
}

test("what the worker works out are the page's own terms, and all reads of the picture", async () => {
  const { explainer, told, settle } = paused();
  const trace = recording(3);
  messages(trace, 1).forEach((message) => explainer.hear(message));
  explainer.hear({ kind: "ask", run: 1, id: 7, step: 9, reader: 0, channel: 2 });
  await settle();
  assert.deepEqual(told.find(({ kind }) => kind === "answer"), { kind: "answer", run: 1, id: 7, terms: termsOf(recordedOf(trace), { step: 9, reader: 0, channel: 2 }) });
  const picture = told.filter(({ kind }) => kind === "reads").flatMap(({ shares }) => [...shares]);
  assert.equal(picture.length, trace.steps ** 2);
  for (let step = 0; step < trace.steps; step++) {
    const own = picture.slice(step * trace.steps, step * trace.steps + step + 1);
    assert.deepEqual(own, [...Float32Array.from(sharesOf(termsOf(recordedOf(trace), { step: step, reader: 0, channel: null })).writes)]);
  }
});

test("an answer that nobody waits for is never sent: another was asked for, or another run has begun", async () => {
  const { explainer, told, settle } = paused();
  const [before, now] = [recording(3), recording(4)];
  messages(before, 1).forEach((message) => explainer.hear(message));
  explainer.hear({ kind: "ask", run: 1, id: 1, step: 9, reader: 0, channel: 2 });
  messages(now, 2).forEach((message) => explainer.hear(message));
  explainer.hear({ kind: "ask", run: 1, id: 2, step: 9, reader: 0, channel: 2 });
  explainer.hear({ kind: "ask", run: 2, id: 3, step: 8, reader: 0, channel: null });
  explainer.hear({ kind: "ask", run: 2, id: 4, step: 10, reader: 0, channel: null });
  await settle();
  const answers = told.filter(({ kind, run }) => kind === "answer" && run === 2);
  assert.deepEqual(answers, [{ kind: "answer", run: 2, id: 4, terms: termsOf(recordedOf(now), { step: 10, reader: 0, channel: null }) }]);
});

test("what is asked of steps that have not arrived is answered once they have", async () => {
  const { explainer, told, settle } = paused();
  const [begin, all] = messages(recording(5), 1);
  explainer.hear(begin);
  explainer.hear({ kind: "ask", run: 1, id: 1, step: 4, reader: 0, channel: null });
  await settle();
  assert.deepEqual(told, []);
  explainer.hear(all);
  await settle();
  assert.equal(told.filter(({ kind }) => kind === "answer").length, 1);
});

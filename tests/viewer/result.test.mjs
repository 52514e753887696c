import assert from "node:assert/strict";
import { test } from "node:test";

import { bitsAt, compare, decode, verdict } from "#viewer/model/result.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { copyRun, frames } from "./recording.mjs";

/** A trace of a copy, as far as the first `arrived` steps. */
function copy(vectors, said = vectors, { arrived = 2 * vectors.length + 2 } = {}) {
  const { head, all } = copyRun(vectors, said);
  const trace = new Trace(head);
  for (const frame of frames(head, all, [1]).slice(0, arrived)) trace.append(frame);
  return trace;
}

/** The vectors of a text's UTF-8 bytes. */
const vectorsOf = (text) => bytes(...new TextEncoder().encode(text));
const bytes = (...numbers) => numbers.map((byte) => byte.toString(2).padStart(8, "0"));

test("an exact copy has no errors", () => {
  const { wrong, compared, all } = compare(copy(bytes(0xb3, 0x2c)));
  assert.deepEqual({ wrong, compared, all }, { wrong: [], compared: 16, all: 16 });
});

test("a wrong bit is found at its step and its place, highest bit first", () => {
  const { wrong } = compare(copy(bytes(0xb3, 0x2c), bytes(0xb3 ^ 0x80, 0x2c ^ 0x01)));
  assert.deepEqual(wrong, [{ step: 4, channel: 0 }, { step: 5, channel: 7 }]);
});

test("a value of one half counts as 0, as the service counts", () => {
  const trace = copy(bytes(0x00));
  trace.at("outputs", 3).set([0.5, 0.5001]);
  assert.equal(bitsAt(trace, "outputs", 3), "01000000");
  assert.deepEqual(compare(trace).wrong, [{ step: 3, channel: 1 }]);
});

test("only what has arrived of the recall is compared", () => {
  for (const [arrived, compared] of [[0, 0], [4, 0], [5, 8], [6, 16]]) {
    assert.equal(compare(copy(bytes(1, 2), bytes(1, 2), { arrived })).compared, compared);
  }
});

test("what comes out before the recall is no error", () => {
  const trace = copy(bytes(0, 0));
  for (const step of [0, 1, 2, 3]) trace.at("outputs", step).fill(1);
  assert.deepEqual(compare(trace).wrong, []);
});

for (const [what, vectors, text] of [
  ["plain text is", vectorsOf("Hello"), "Hello"],
  ["characters of several bytes are", vectorsOf("Grüße 🎞️"), "Grüße 🎞️"],
  ["control characters are", bytes(0x00, 0x0a, 0x1f, 0x7f), "␀␊␟␡"],
  ["a byte order mark is", vectorsOf("\ufeffA"), "\ufeffA"],
]) {
  test(`${what} decoded`, () => {
    assert.deepEqual(decode(copy(vectors)), { heard: text, said: text });
  });
}

test("what is no text is shown in hexadecimal", () => {
  assert.deepEqual(decode(copy(bytes(0x41, 0xff, 0x02), bytes(0x41, 0xfe, 0x02))), { heard: "41 ff 02", said: "41 fe 02" });
  const half = vectorsOf("é").slice(0, 1);
  assert.deepEqual(decode(copy(half)), { heard: "c3", said: "c3" });
});

test("a text that comes out wrong is still shown as text", () => {
  assert.deepEqual(decode(copy(vectorsOf("Hello"), bytes(0x4a, 0x65, 0xff, 0x6c, 0x6f))), { heard: "Hello", said: "Je�lo" });
});

test("what has arrived is decoded while the rest is on its way", () => {
  const at = (arrived) => decode(copy(vectorsOf("é!"), vectorsOf("é?"), { arrived }));
  assert.deepEqual(at(1), { heard: "", said: "" });
  assert.deepEqual(at(2), { heard: "", said: "" }, "half a character");
  assert.deepEqual(at(3), { heard: "é", said: "" });
  assert.deepEqual(at(6), { heard: "é!", said: "" }, "half a character");
  assert.deepEqual(at(7), { heard: "é!", said: "é" });
  assert.deepEqual(at(8), { heard: "é!", said: "é?" });
});

test("before the last step the verdict is what has come out so far", () => {
  const said = (...given) => {
    const { state, sentence, count } = verdict(...given);
    assert.equal(state, "running");
    return [sentence, count];
  };
  const over = copy(vectorsOf("Tape"), vectorsOf("Tope"));
  assert.deepEqual(said(over, 5), ["No output yet", ""]);
  assert.deepEqual(said(over, 6), ["Output so far: T", "8 of 8 bits right so far"]);
  assert.deepEqual(said(over, 8), ["Output so far: Top", "21 of 24 bits right so far"]);
  assert.equal(verdict(over, 9).state, "wrong");
  assert.deepEqual(said(copy(vectorsOf("Tape"), vectorsOf("Tope"), { arrived: 8 })), ["Output so far: To", "13 of 16 bits right so far"]);
  const long = vectorsOf("It was a bright cold day in April.");
  assert.deepEqual(said(copy(long, long), 68)[0], "Output so far: …ay in April");
});

for (const [said, state, sentence, count] of [
  [bytes(1, 2, 3, 4, 5), "exact", "Exact copy", "40 of 40 bits right"],
  [bytes(0, 2, 3, 4, 5), "wrong", "1 wrong bit, 2.5 %", "39 of 40 bits right"],
  [bytes(0xfe, 2, 3, 4, 5), "wrong", "8 wrong bits, 20 %", "32 of 40 bits right"],
]) {
  test(`a run that is over: ${sentence}`, () => {
    const trace = copy(bytes(1, 2, 3, 4, 5), said);
    assert.deepEqual(verdict(trace), { state, sentence, count });
    trace.finish({ wrong: compare(trace).wrong.length, score: null, diagnosis: null });
    assert.deepEqual(verdict(trace), { state, sentence, count });
  });
}

test("large counts are grouped", () => {
  const vectors = new Array(200).fill("00000000");
  const { sentence, count } = verdict(copy(vectors, new Array(200).fill("11111111")));
  assert.deepEqual([sentence, count], ["1,600 wrong bits, 100 %", "0 of 1,600 bits right"]);
});

test("only what a task scores is compared, wherever its areas are", () => {
  const trace = copy(bytes(0x80, 0x01), bytes(0x00, 0x00));
  trace.header.scored = [[4, 5, 0, 4], [5, 6, 6, 8]];
  assert.deepEqual(compare(trace).wrong, [{ step: 4, channel: 0 }, { step: 5, channel: 7 }]);
  assert.equal(compare(trace).all, 6);
});

test("where nothing is scored no verdict is made", () => {
  const trace = copy(bytes(1));
  trace.header.scored = [];
  assert.equal(verdict(trace).state, "unscored");
});

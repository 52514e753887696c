/** Predictions: what they cost against the best possible, and how that is said. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { compare, verdict } from "#viewer/model/result.mjs";
import { costOf, costsOf, excessInWords, foretells, optimumOf } from "#viewer/model/predictions.mjs";
import { cases, traceOf } from "./cases.mjs";

const stream = traceOf(cases.find(({ name }) => name === "the bits of a stream"));

test("a prediction costs the bits of the probability that it gave to what came", () => {
  assert.equal(costOf(0.5, true), 1);
  assert.ok(Math.abs(costOf(0.25, false) - 0.41503749927884376) < 1e-12);
  assert.equal(costOf(1, true), 0);
  assert.ok(costOf(0, true) < 50, "a sure one that is wrong costs no more");
});

test("a run of predictions has no wrong bit, and its verdict is in bits", () => {
  assert.equal(foretells(stream), true);
  assert.equal(optimumOf(stream), "optimum");
  assert.deepEqual(compare(stream).wrong, []);
  const { said, best } = costsOf(stream);
  const scored = Array.from({ length: 18 }, (_, at) => at + 4);
  const summed = (field) => scored.reduce((sum, step) => sum + costOf(stream.at(field, step)[0], stream.at("targets", step)[0] > 0.5), 0);
  assert.ok(Math.abs(said.at(-1) - summed("outputs")) < 1e-9);
  assert.ok(Math.abs(best.at(-1) - summed("optimum")) < 1e-9);
  const { state, sentence, count } = verdict(stream);
  assert.deepEqual([state, sentence], ["wrong", `${said.at(-1).toFixed(1)} bits, best possible ${best.at(-1).toFixed(1)}`]);
  assert.match(count, /% above the optimum, over 18 bits$/);
  assert.equal(verdict(stream, 8).state, "running");
  assert.equal(verdict(stream, 8).count, "5 of 18 bits predicted");
  assert.equal(verdict(stream, 2).sentence, "No prediction counts yet");
});

test("how far above the optimum, in words", () => {
  assert.deepEqual([0.008, -0.031, 0.0001].map(excessInWords), ["0.8 % above the optimum", "3.1 % below the optimum", "as good as the optimum"]);
});

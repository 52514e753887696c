/** What is typed is read in the browser as it is in Python: one list of cases for both. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  asBits,
  asHex,
  asText,
  checkLength,
  parseBits,
  parseHex,
  parseText,
  Problem,
} from "../../frontend/tapedeck_page/assets/tape/sequences/typed.mjs";

const CASES = JSON.parse(readFileSync(new URL("../fixtures/sequences.json", import.meta.url), "utf8"));
/** @type {Record<string, (typed: string, bits?: number) => string[]>} */
const PARSERS = { bits: parseBits, text: parseText, hex: parseHex };
const ROWS = ["10110011", "00101100", "11110000"];

/** @param {() => string[]} read */
function becomes(read) {
  try {
    return read().join(" ");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.message;
  }
}

test("every spelling that Python reads is read to the same vectors", () => {
  for (const [spelling, text] of Object.entries(CASES.read)) assert.deepEqual(parseBits(text, CASES.bits), CASES.rows, spelling);
  for (const [bits, text, rows] of CASES.widths) assert.equal(parseBits(text, bits).join(" "), rows, text);
});

test("what is typed is read, or refused in the same sentence as in Python", () => {
  assert.ok(CASES.typed.length > 100);
  for (const [way, bits, text, expected] of CASES.typed) {
    assert.equal(becomes(() => PARSERS[way](text, bits)), expected, `${way}, ${bits}: ${text}`);
  }
});

test("a sequence comes back from every way of writing it", () => {
  for (const bits of [1, 3, 4, 6, 8, 9, 16]) {
    const rows = ["1011", "0", "01"].map((pattern) => pattern.repeat(bits).slice(0, bits));
    assert.deepEqual(parseBits(asBits(rows), bits), rows);
    assert.deepEqual(parseHex(asHex(rows), bits), rows);
    if (bits !== 8) assert.equal(asText(rows), null);
  }
  assert.equal(asText(parseText("Grüße 🎞️\ufeff")), "Grüße 🎞️\ufeff");
  assert.equal(asText(ROWS), null, "these bytes are no text");
});

test("half a character is named with its place, and too many vectors are counted", () => {
  assert.equal(becomes(() => parseText("a🎞\ud83c")), "Character 3 is half a character; type it again as a whole.");
  const many = Array.from({ length: 1001 }, () => "0".repeat(8));
  assert.equal(becomes(() => checkLength(many, 1000)), "That is 1,001 vectors; at most 1,000 fit in one run. Take out 1.");
  assert.equal(checkLength(ROWS, 3), ROWS);
});

test("a very long text is read or refused as a short one is", () => {
  assert.equal(parseBits("10110011 ".repeat(60_000)).length, 60_000);
  assert.equal(parseBits("01".repeat(300_000)).length, 75_000);
  assert.equal(parseHex("b3 ".repeat(60_000)).length, 60_000);
  assert.match(becomes(() => parseBits("/* ".repeat(60_000))), /^Line 1/);
  assert.match(becomes(() => parseBits(" ".repeat(200_000) + "x")), /is “x”; a bit is 0 or 1\.$/);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { SHADES, gradient, rampOf, roundUp, shadesOf, ticks, word } from "#viewer/model/scales.mjs";

const channels = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255, colour >>> 24];
/** Relative luminance, as contrast is reckoned with (WCAG 2.2). */
function luminance(colour) {
  const [r, g, b] = channels(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test("an axis begins at 0, stays inside, and has no more ticks than asked for", () => {
  for (const count of [1, 2, 3, 8, 10, 20, 42, 128, 1000, 2002, 4096]) {
    for (const most of [2, 3, 5, 8, 16]) {
      const marks = ticks(count, most);
      assert.equal(marks[0], 0);
      assert.ok(marks.at(-1) < count, `${count} at most ${most}: ${marks}`);
      assert.ok(marks.length <= most, `${count} at most ${most}: ${marks}`);
    }
  }
});

test("ticks are at equal, round distances", () => {
  assert.deepEqual(ticks(42, 8), [0, 10, 20, 30, 40]);
  assert.deepEqual(ticks(8, 8), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(ticks(1000, 8), [0, 200, 400, 600, 800]);
});

test("a round limit is at or above the value, and less than twice it", () => {
  for (let value = 1e-7; value < 1e7; value *= 1.013) {
    const limit = roundUp(value);
    assert.ok(limit >= value * (1 - 1e-6) && limit < 2 * value, `${value} → ${limit}`);
    assert.equal(roundUp(limit), limit, "a round number stays");
  }
});

test("a larger value never has a smaller limit", () => {
  let last = 0;
  for (let value = 1e-3; value < 1e3; value *= 1.01) {
    assert.ok(roundUp(value) >= last);
    last = roundUp(value);
  }
});

test("without a positive value the limit is 1", () => {
  for (const value of [0, -3, Number.NaN]) assert.equal(roundUp(value), 1);
});

test("a limit reads as a person would write it", () => {
  assert.deepEqual([0.83, 1.2, 2.3, 0.0031, 41, 999].map((value) => String(roundUp(value))), ["1", "1.5", "3", "0.004", "50", "1000"]);
});

test("a ramp begins and ends with its colours, and lies between its neighbours elsewhere", () => {
  const shades = shadesOf(["#efede6", "#b45406", "#7a3300"]);
  assert.equal(shades.length, SHADES);
  assert.deepEqual([shades[0], shades[SHADES - 1]], [word("efede6"), word("7a3300")]);
  for (let shade = 1; shade < SHADES; shade++) {
    assert.ok(luminance(shades[shade]) <= luminance(shades[shade - 1]), `shade ${shade}`);
  }
});

test("the hue is that of the head's kind; what can be negative has its own, and what is of no head is in ink", () => {
  assert.deepEqual([rampOf(0, "write"), rampOf(0, "read"), rampOf(0, ""), rampOf(-1, "write")], ["write", "read", "ink", "signed"]);
});

test("a colour is an opaque word in the order of an ImageData", () => {
  assert.deepEqual(channels(word("123456")), [0x12, 0x34, 0x56, 255]);
});

test("the scale bar has the colours of the ends", () => {
  assert.match(gradient(shadesOf(["#00224e", "#fee838"])), /^linear-gradient\(to right, rgb\(0 34 78\), .*rgb\(254 232 56\)\)$/);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { VERSION, checked, decodeFrame } from "#viewer/contract/wire.mjs";
import { header } from "./recording.mjs";

const ROW = 3;

/** A frame as the service writes it; `bytes` are its whole length. */
function message({ version = VERSION, first = 4, count = 2, total = 10, bytes = 16 + 4 * ROW * count } = {}) {
  const buffer = new ArrayBuffer(bytes);
  const view = new DataView(buffer);
  [version, first, count, total].forEach((number, at) => view.setUint32(4 * at, number, true));
  for (let at = 16, value = 0; at < bytes; at += 4) view.setFloat32(at, value++ / 4, true);
  return buffer;
}

test("a frame gives its place in the run and its rows", () => {
  const { first, count, total, rows } = decodeFrame(message(), ROW);
  assert.deepEqual({ first, count, total }, { first: 4, count: 2, total: 10 });
  assert.deepEqual([...rows], [0, 0.25, 0.5, 0.75, 1, 1.25]);
});

test("the last frame of a run may end with it", () => {
  assert.equal(decodeFrame(message({ first: 8 }), ROW).first, 8);
});

for (const [what, buffer, expected] of [
  ["shorter than its prelude", new ArrayBuffer(12), /at least 16 bytes, this one has 12/],
  ["of another version", message({ version: 1 }), /version 2, this one is of version 1/],
  ["with a value too few", message({ bytes: 16 + 4 * 5 }), /2 steps has 40 bytes, this one has 36/],
  ["with a value too many", message({ bytes: 16 + 4 * 7 }), /2 steps has 40 bytes, this one has 44/],
  ["that goes on after the run", message({ first: 9 }), /from step 9 on cannot hold 2 of 10 steps/],
]) {
  test(`a frame ${what} is refused`, () => {
    assert.throws(() => decodeFrame(buffer, ROW), (error) => error instanceof RangeError && expected.test(error.message));
  });
}

test("a header that this page can play is taken as it is", () => {
  const description = header({ heads: [["write1", "write"], ["write2", "write"], ["read", "read"]], task: "another" });
  assert.equal(checked(description), description);
});

for (const [what, change, expected] of [
  ["of another version", { version: 3 }, /version 2, this one is of version 3/],
  ["of a memory that follows from the writes in another way", { memory: { rule: "add_only", start: [] } }, /memory rule “erase_then_add”, and not “add_only”/],
]) {
  test(`a header ${what} is refused`, () => {
    assert.throws(() => checked({ ...header(), ...change }), (error) => error instanceof RangeError && expected.test(error.message));
  });
}

/** The results of an evaluation, read as they come. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { objectsIn } from "../../frontend/tapedeck_page/assets/tape/evaluation.mjs";

/** A body that comes in these pieces. */
const bodyOf = (pieces) => ReadableStream.from(pieces);

async function read(body) {
  const found = [];
  for await (const each of objectsIn(body)) found.push(each);
  return found;
}

const RESULTS = [{ length: 1, name: "é" }, { length: 2, name: "✓" }];
const BYTES = new TextEncoder().encode(RESULTS.map((each) => `${JSON.stringify(each)}\n`).join(""));

test("lines come whole, wherever they are cut, within a letter too", async () => {
  for (let cut = 0; cut <= BYTES.length; cut++) {
    assert.deepEqual(await read(bodyOf([BYTES.slice(0, cut), BYTES.slice(cut)])), RESULTS);
  }
});

test("a line is there as soon as it has ended, though others are still to come", async () => {
  const more = { send: () => {} };
  const waiting = new Promise((send) => (more.send = send));
  async function* pieces() {
    yield BYTES.slice(0, 26);
    await waiting;
    yield BYTES.slice(26);
  }
  const lines = objectsIn(ReadableStream.from(pieces()));
  assert.deepEqual((await lines.next()).value, RESULTS[0]);
  more.send();
  assert.deepEqual((await lines.next()).value, RESULTS[1]);
  assert.equal((await lines.next()).done, true);
});

test("no body at all has no lines", async () => assert.deepEqual(await read(bodyOf([])), []));

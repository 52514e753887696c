import assert from "node:assert/strict";
import { test } from "node:test";

import { pack, unpack } from "../../frontend/tapedeck_page/assets/tape/packing.mjs";
import { randomNumbers } from "../viewer/recording.mjs";

const randomBytes = (length, seed = 1) => Uint8Array.from({ length }, randomNumbers(seed)).map((_, i) => i);

/** Bytes without any pattern. */
function noise(length, seed = 1) {
  const next = randomNumbers(seed);
  return Uint8Array.from({ length }, () => Math.floor(256 * next()));
}

for (const length of [0, 1, 2, 3, 4, 5, 63, 1000]) {
  test(`${length} bytes come back`, async () => {
    for (const bytes of [noise(length), new Uint8Array(length).fill(0xa5), randomBytes(length)]) {
      assert.deepEqual(await unpack(await pack(bytes)), bytes);
    }
  });
}

test("what is packed may stand in an address as it is", async () => {
  const packed = await pack(noise(1000));
  assert.equal(encodeURIComponent(packed), packed);
});

test("it is deflated where that is shorter, and only there", async () => {
  assert.equal(await pack(Uint8Array.of(0x48, 0x69)), "r2.SGk");
  assert.match(await pack(noise(1000)), /^r1000\./);
  const packed = await pack(new Uint8Array(1000).fill(0x41));
  assert.match(packed, /^z1000\./);
  assert.ok(packed.length < 30, packed);
});

test("what was cut off is told from what is whole", async () => {
  for (const bytes of [noise(300), new Uint8Array(300).map((_, i) => i % 7)]) {
    const packed = await pack(bytes);
    for (let end = 0; end < packed.length; end++) {
      await assert.rejects(unpack(packed.slice(0, end)), RangeError, packed.slice(0, end));
    }
  }
});

for (const [what, packed, sentence] of [
  ["another form", "q2.SGk", /not written as this page writes it/],
  ["a sign that base64url has not", "r2.SG+", /not written as this page writes it/],
  ["another number than it has", "r3.SGk", /cut off or changed/],
  ["no deflated bytes", "z9.SGkhSGkhSGkh", /cut off or changed/],
  ["more bytes than any run has", "r999999.SGk", /999,999 bytes/],
]) {
  test(`${what} is refused with a sentence`, async () => {
    await assert.rejects(unpack(packed), (error) => error instanceof RangeError && sentence.test(error.message));
  });
}

test("what unpacks to more than it says is given up before it fills the memory", async () => {
  const [, bomb] = (await pack(new Uint8Array(5_000_000))).split(".");
  await assert.rejects(unpack(`z1000.${bomb}`), /cut off or changed/);
});

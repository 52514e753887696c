import assert from "node:assert/strict";
import { test } from "node:test";

import { describeRun, describeView, readLink } from "../../frontend/tapedeck_page/assets/tape/link.mjs";
import { randomNumbers } from "../viewer/recording.mjs";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const RUN = {
  checkpoint: "copy-1",
  sha: "1a2b3c4d",
  input: {
    sequence: [
      [0, 1, 0, 0, 1, 0, 0, 0],
      [0, 1, 1, 0, 1, 0, 0, 1],
    ],
  },
  locations: null,
  interventions: [],
};
const PLAIN = { step: null, allRows: false, speed: 1, loop: false, range: null, pin: null, heads: [], way: null, open: [] };

/** What is read of what was written. */
async function again(run, view) {
  return readLink(`#${[await describeRun(run), describeView(view)].filter(Boolean).join("&")}`, SPEEDS);
}

const written = async (changes) => {
  const parts = new URLSearchParams(await describeRun(RUN));
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) parts.delete(name);
    else parts.set(name, value);
  }
  return `#${parts}`;
};

test("a short run is a short link that can be read", async () => {
  assert.equal(await describeRun(RUN), "v=1&checkpoint=copy-1&sha=1a2b3c4d&sequence=r2.SGk");
  assert.equal(describeView(PLAIN), "");
  assert.equal(describeView({ ...PLAIN, step: 3, allRows: true }), "step=3&rows=all");
});

test("a link says the whole run and the whole view", async () => {
  const run = { ...RUN, checkpoint: "my & own=machine #1", locations: 64, interventions: [{ at: 3, gate: 0.5, note: "é" }] };
  const view = { step: 5, allRows: true, speed: 0.25, loop: true, range: { first: 2, last: 4 }, pin: { panel: "write.weighting", step: 3, row: 66 }, heads: ["write2", "read5"], way: "hex", open: ["controller", "more", "write3", "read1"] };
  assert.deepEqual(await again(run, view), {
    checkpoint: run.checkpoint,
    sha: run.sha,
    input: run.input,
    locations: 64,
    interventions: run.interventions,
    view,
    faults: [],
  });
});

for (const view of [
  PLAIN,
  { ...PLAIN, step: 0 },
  { ...PLAIN, speed: 8 },
  { ...PLAIN, heads: ["read12"] },
  { ...PLAIN, loop: true },
  { ...PLAIN, loop: true, range: { first: 7, last: 7 } },
  { ...PLAIN, pin: { panel: "outputs", step: 30, row: 3 } },
]) {
  test(`the view “${describeView(view)}” comes back`, async () => {
    assert.deepEqual((await again(RUN, view)).view, view);
  });
}

test("1000 vectors come back, and the link stays short enough to be sent", async () => {
  const next = randomNumbers(7);
  const sequence = Array.from({ length: 1000 }, () => Array.from({ length: 8 }, () => Number(next() < 0.5)));
  const link = await describeRun({ ...RUN, input: { sequence } });
  assert.ok(link.length < 1500, String(link.length));
  assert.deepEqual((await readLink(`#${link}`)).input, { sequence });
  const same = await describeRun({ ...RUN, input: { sequence: new Array(1000).fill(sequence[0]) } });
  assert.ok(same.length < 100, same);
});

for (const hash of ["", "#", "#glossary-gate", "#step=3"]) {
  test(`“${hash}” is no link to a run`, async () => assert.equal(await readLink(hash), null));
}

for (const [what, changes, sentence] of [
  ["another version", { v: "2" }, "This link is of version “2”, and this page reads version 1."],
  ["no sequence", { sequence: null }, "The link holds no sequence."],
  ["an empty sequence", { sequence: "r0." }, "The link's sequence cannot be read: it has no vectors."],
  [
    "a sequence that was cut off",
    { sequence: "r20.SGVsbG8" },
    "The link's sequence cannot be read: cut off or changed on its way.",
  ],
  [
    "a sequence of another make",
    { sequence: "Hello" },
    "The link's sequence cannot be read: not written as this page writes it.",
  ],
  ["no machine", { checkpoint: null }, "The link names no machine."],
  ["no number of locations", { locations: "many" }, "“many” in the link is not a number of locations."],
  ["no locations at all", { locations: "0" }, "“0” in the link is not a number of locations."],
  ["a step before the first", { step: "-1" }, "“-1” in the link is not a step."],
  ["no step", { step: "x".repeat(100) }, `“${"x".repeat(23)}…” in the link is not a step.`],
  ["a speed that there is not", { speed: "3" }, "The link's speed “3” is not one that the player has."],
  ["a way in that shows nothing", { way: "random" }, "The link's way in “random” is not one that shows a sequence."],
  ["a fold that there is not", { open: "controller-roof" }, "The link's “controller-roof” are not parts that fold out."],
  ["a pin of nothing", { pin: "outputs-3" }, "The link's pin “outputs-3” names no cell."],
  ["a loop of nothing", { loop: "3-" }, "The link's loop “3-” is not a range of steps."],
  [
    "interventions that are none",
    { do: "r2.SGk" },
    "The link's interventions cannot be read: cut off or changed on its way. The run is shown without them.",
  ],
  ["interventions that are no list", { do: "r2.e30" }, "The link's interventions cannot be read: they are not a list. The run is shown without them."],
]) {
  test(`a link with ${what} says so`, async () => {
    assert.deepEqual((await readLink(await written(changes), SPEEDS)).faults, [sentence]);
  });
}

for (const [what, changes, sentence] of [
  ["a wider vector", { bits: "5", sequence: "r1._w" }, "The link's sequence cannot be read: vector 1 has more than 5 bits."],
  ["half a vector", { bits: "12", sequence: "r3.AAAA" }, "The link's sequence cannot be read: its last vector is not whole."],
  ["half a bit", { bits: "0.5" }, "“0.5” in the link is not a number of bits."],
  ["half a location", { locations: "0.5" }, "“0.5” in the link is not a number of locations."],
  ["half a step", { step: "0.5" }, "“0.5” in the link is not a step."],
  ["rows that are none", { rows: "0.5" }, "The link's rows “0.5” are not a range of locations."],
  ["scales that are none", { scales: "1-0-2" }, "The link's scales “1-0-2” are not three limits."],
]) {
  test(`a link with ${what} is refused in words`, async () => {
    assert.deepEqual((await readLink(await written(changes), SPEEDS)).faults, [sentence]);
  });
}

for (const [task, input, packed] of [
  ["repeat copy", { ...RUN.input, repeats: 3 }, "input="],
  ["associative recall", { items: [[[1, 0], [0, 1], [1, 1]], [[0, 0], [1, 0], [0, 1]]], query: 0 }, "input="],
  ["priority sort", { vectors: [[1, 0], [0, 1]], priorities: [0.25, -1] }, "input="],
  ["n-grams", { bits: [0, 1, 1] }, "input="],
]) {
  test(`a link holds the input of ${task}`, async () => {
    const run = { ...RUN, input };
    assert.match(await describeRun(run), new RegExp(packed));
    const read = await again(run, { ...PLAIN, pin: { panel: "read2.weighting", step: 3, row: 7 } });
    assert.deepEqual([read.input, read.view.pin, read.faults], [input, { panel: "read2.weighting", step: 3, row: 7 }, []]);
  });
}

for (const [what, packed, reason] of [
  ["cut off", "r20.SGVsbG8", "cut off or changed on its way"],
  ["no object", "r2.W10", "it is not an object"],
  ["no JSON", "r2.SGk", "cut off or changed on its way"],
]) {
  test(`an input that is ${what} is refused in words, and the rest of the link stays`, async () => {
    const link = await readLink(await written({ sequence: null, input: packed, locations: "64" }), SPEEDS);
    assert.deepEqual([link.input, link.locations, link.faults], [null, 64, [`The link's input cannot be read: ${reason}.`]]);
  });
}

test("no link is made of vectors that it cannot hold as they are", async () => {
  const link = (sequence) => describeRun({ ...RUN, input: { sequence } });
  await assert.rejects(link([[1, 0.5, 0]]), new RangeError("Bit 2 of vector 1 is 0.5; a link holds 0s and 1s."));
  await assert.rejects(link([RUN.input.sequence[0], [...RUN.input.sequence[1], 1]]), /^RangeError: Vector 2 has 9 bits; a link holds/);
});

test("every run and every view comes back as it was", async () => {
  const next = randomNumbers(11);
  const whole = (least, most) => least + Math.floor(next() * (most - least + 1));
  const maybe = (value) => (next() < 0.5 ? null : value);
  for (let turn = 0; turn < 300; turn++) {
    const bits = turn < 100 ? 8 : whole(1, 70);
    const sequence = Array.from({ length: whole(1, 60) }, () => Array.from({ length: bits }, () => Number(next() < 0.5)));
    const name = Array.from({ length: whole(1, 12) }, () => String.fromCodePoint(whole(32, 0x2fff))).join("");
    const run = { ...RUN, checkpoint: name, input: { sequence }, locations: maybe(whole(1, 4096)) };
    const allRows = next() < 0.3;
    const rows = allRows ? null : maybe({ first: whole(0, 127), count: whole(3, 128) });
    const range = maybe({ first: whole(0, 40), last: whole(41, 99) });
    const view = {
      step: maybe(whole(0, 2001)), allRows, speed: SPEEDS[whole(0, 5)], loop: range !== null || next() < 0.5, range,
      pin: maybe({ panel: "read.weighting", step: whole(0, 99), row: whole(0, 127) }), heads: maybe([`write${whole(2, 9)}`]) ?? [],
      way: maybe(["bits", "text", "hex", "draw"][whole(0, 3)]), open: maybe(["controller"]) ?? [], ...(rows ? { rows } : {}),
      ...(next() < 0.5 ? { scales: [whole(1, 9), whole(1, 9) / 2, whole(1, 9) / 100] } : {}),
    };
    const read = await again(run, view);
    assert.deepEqual(read, {
      checkpoint: name, sha: run.sha, input: { sequence }, locations: run.locations, interventions: [], view, faults: [],
    });
  }
});

test("what is right in a broken link stays", async () => {
  const link = await readLink(await written({ sequence: "?", locations: "64", step: "9" }));
  assert.deepEqual([link.checkpoint, link.input, link.locations, link.view.step], ["copy-1", null, 64, 9]);
  const other = await readLink(await written({ locations: "?", step: "?" }));
  assert.deepEqual([other.input, other.locations, other.view.step], [RUN.input, null, null]);
  assert.equal(other.faults.length, 2);
});

test("of a link of another version nothing is guessed", async () => {
  const { checkpoint, input, locations, view } = await readLink(await written({ v: "2", locations: "64", step: "3" }));
  assert.deepEqual({ checkpoint, input, locations, view }, { checkpoint: null, input: null, locations: null, view: PLAIN });
});

test("heads that are no names are said, and the link is shown without them", async () => {
  for (const [heads, shown] of [["write2--read2", "write2--read2"], ["", ""], ["Write 2", "Write 2"]]) {
    const read = await readLink(await written({ heads }), SPEEDS);
    assert.deepEqual([read.view.heads, read.faults], [[], [`The link's heads “${shown}” are not names of heads.`]]);
  }
});

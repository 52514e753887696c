import assert from "node:assert/strict";
import { test } from "node:test";

import { keepTime, LONGEST_FRAME_S } from "#viewer/player/clock.mjs";
import { STEPS_PER_SECOND, TimeCursor } from "#viewer/model/cursor.mjs";

/** A clock over some players, whose frames come when the test says so. */
function clockOver(...players) {
  let waiting = [];
  const wake = keepTime(players, (frame) => waiting.push(frame));
  const frame = (now) => {
    const due = waiting;
    waiting = [];
    due.forEach((each) => each(now));
  };
  return { wake, frame, asked: () => waiting.length };
}

function player(playing = true) {
  const seen = [];
  return { playing, seen, advance: (seconds) => seen.push(seconds) };
}

test("time passes from frame to frame, and the first frame is its beginning", () => {
  const one = player();
  const { wake, frame } = clockOver(one);
  wake();
  [1000, 1016, 1048].forEach(frame);
  assert.deepEqual(one.seen, [0, 0.016, 0.032]);
});

test("a frame that was due before play was pressed does not take time back", () => {
  const cursor = new TimeCursor();
  cursor.begin(42);
  cursor.grow(42);
  cursor.seek(10);
  cursor.setRange(10, 14);
  const { wake, frame } = clockOver(cursor);
  cursor.addEventListener("change", wake);
  const steps = new Set();
  cursor.addEventListener("change", () => steps.add(cursor.step));
  cursor.play();
  for (let now = -200; now < 2000; now += 1000 / STEPS_PER_SECOND / 4) frame(now);
  assert.deepEqual([...steps].sort(), [10, 11, 12, 13, 14]);
});

test("a frame that comes late stands for no more than the longest", () => {
  const one = player();
  const { wake, frame } = clockOver(one);
  wake();
  [0, 60_000].forEach(frame);
  assert.deepEqual(one.seen, [0, LONGEST_FRAME_S]);
});

test("nothing is asked for while nothing plays, and one frame at a time while something does", () => {
  const [one, other] = [player(false), player(false)];
  const { wake, frame, asked } = clockOver(one, other);
  wake();
  assert.equal(asked(), 0);
  other.playing = true;
  wake();
  wake();
  assert.equal(asked(), 1);
  frame(0);
  other.playing = false;
  frame(16);
  assert.equal(asked(), 0);
  other.playing = true;
  wake();
  frame(90_000);
  assert.deepEqual(other.seen, [0, 0], "the pause is no time");
});

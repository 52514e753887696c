import assert from "node:assert/strict";
import { test } from "node:test";

import { SPEEDS, STEPS_PER_SECOND, TimeCursor } from "#viewer/model/cursor.mjs";

/** A cursor on a tape of which some has arrived. */
function cursorOn(total, arrived = total) {
  const cursor = new TimeCursor();
  cursor.begin(total);
  if (arrived > 0) cursor.grow(arrived);
  return cursor;
}

/** Lets time pass in animation frames, until so many steps have gone by. */
function play(cursor, steps) {
  const frame = 1 / 60;
  const frames = Math.ceil(steps / STEPS_PER_SECOND / cursor.speed / frame);
  for (let i = 0; i < frames; i++) cursor.advance(frame);
}

test("an empty tape has no step, and nothing moves it", () => {
  const cursor = cursorOn(42, 0);
  cursor.seek(3);
  cursor.move(1);
  cursor.play();
  cursor.advance(1);
  assert.equal(cursor.step, -1);
  assert.equal(cursor.playing, false);
});

test("a growing tape is followed", () => {
  const cursor = cursorOn(42, 0);
  for (const arrived of [1, 17, 42]) {
    cursor.grow(arrived);
    assert.equal(cursor.step, arrived - 1);
  }
  assert.ok(cursor.atEnd);
});

test("it grows until all has arrived, or until the user takes hold of it", () => {
  const cursor = new TimeCursor();
  assert.equal(cursor.growing, false, "no tape");
  cursor.begin(42);
  assert.equal(cursor.growing, true);
  cursor.grow(17);
  assert.equal(cursor.growing, true);
  cursor.grow(42);
  assert.equal(cursor.growing, false);
  const held = cursorOn(42, 17);
  held.seek(3);
  assert.equal(held.growing, false);
});

test("a seek is never undone by what arrives", () => {
  const cursor = cursorOn(42, 20);
  cursor.seek(5);
  for (const arrived of [21, 37, 42]) {
    cursor.grow(arrived);
    assert.equal(cursor.step, 5);
  }
});

test("a seek to the newest step is a seek too", () => {
  const cursor = cursorOn(42, 20);
  cursor.seek(19);
  cursor.grow(30);
  assert.equal(cursor.step, 19);
});

for (const [how, act] of [
  ["a step back", (cursor) => cursor.move(-1)],
  ["play, then pause", (cursor) => (cursor.play(), cursor.pause())],
]) {
  test(`${how} leaves following`, () => {
    const cursor = cursorOn(42, 20);
    act(cursor);
    const { step } = cursor;
    cursor.grow(42);
    assert.equal(cursor.step, step);
  });
}

test("a new run is followed again, stopped, and without the old range", () => {
  const cursor = cursorOn(42);
  cursor.setRange(3, 9);
  cursor.play();
  cursor.begin(10);
  assert.deepEqual([cursor.step, cursor.playing, cursor.range], [-1, false, null]);
  cursor.grow(4);
  assert.equal(cursor.step, 3);
});

test("a seek stays on the tape, on whole steps", () => {
  const cursor = cursorOn(42, 30);
  for (const [to, step] of [[-5, 0], [1000, 29], [7.4, 7], [7.6, 8]]) {
    cursor.seek(to);
    assert.equal(cursor.step, step);
  }
});

test("time passes at ten steps a second, times the speed", () => {
  for (const speed of SPEEDS) {
    const cursor = cursorOn(1000);
    cursor.setSpeed(speed);
    cursor.seek(0);
    cursor.play();
    for (let frame = 0; frame < 120; frame++) cursor.advance(1 / 60);
    assert.ok(Math.abs(cursor.position - 2 * STEPS_PER_SECOND * speed) < 1e-6, `${speed}: ${cursor.position}`);
  }
});

test("a paused cursor stands still", () => {
  const cursor = cursorOn(42);
  cursor.seek(3);
  cursor.advance(5);
  assert.equal(cursor.step, 3);
});

test("pause stays on the step that is shown", () => {
  const cursor = cursorOn(42);
  cursor.seek(3);
  cursor.play();
  cursor.advance(0.27);
  cursor.pause();
  assert.equal(cursor.position, 5);
});

test("play stops at the end, and play again starts over", () => {
  const cursor = cursorOn(10);
  cursor.seek(5);
  cursor.play();
  play(cursor, 20);
  assert.deepEqual([cursor.step, cursor.playing], [9, false]);
  cursor.play();
  assert.deepEqual([cursor.step, cursor.playing], [0, true]);
});

test("the last step is shown as long as any other before play stops", () => {
  const cursor = cursorOn(10);
  cursor.seek(8);
  cursor.play();
  cursor.advance(0.15);
  assert.deepEqual([cursor.step, cursor.playing], [9, true]);
  cursor.advance(0.04);
  assert.equal(cursor.playing, true);
  cursor.advance(0.02);
  assert.deepEqual([cursor.step, cursor.playing], [9, false]);
});

test("at the end of what has arrived, play waits and then goes on", () => {
  const cursor = cursorOn(42, 5);
  cursor.seek(0);
  cursor.play();
  play(cursor, 60);
  assert.deepEqual([cursor.step, cursor.playing], [4, true]);
  cursor.grow(42);
  assert.equal(cursor.step, 4, "what arrives does not make it leap");
  cursor.advance(0.1);
  assert.ok(cursor.step <= 6 && cursor.step >= 5, `step ${cursor.step}`);
});

test("a loop goes round without stopping", () => {
  const cursor = cursorOn(10);
  cursor.setLoop(true);
  cursor.play();
  const seen = [];
  cursor.addEventListener("change", () => seen.push(cursor.step));
  play(cursor, 25);
  assert.equal(cursor.playing, true);
  assert.deepEqual(seen.slice(0, 12), [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]);
});

test("a range is looped, both of its ends included, whichever way it was drawn", () => {
  const cursor = cursorOn(42);
  cursor.setRange(9, 6);
  assert.equal(cursor.loop, true);
  cursor.seek(7);
  cursor.play();
  const seen = new Set();
  cursor.addEventListener("change", () => seen.add(cursor.step));
  play(cursor, 30);
  assert.deepEqual([...seen].sort(), [6, 7, 8, 9]);
});

test("play outside of the range begins at its first step", () => {
  for (const from of [2, 9, 30]) {
    const cursor = cursorOn(42);
    cursor.setRange(6, 9);
    cursor.seek(from);
    cursor.play();
    assert.equal(cursor.step, 6);
  }
});

test("a range that has not arrived yet is waited for", () => {
  const cursor = cursorOn(42, 8);
  cursor.setRange(6, 20);
  cursor.seek(7);
  cursor.play();
  play(cursor, 30);
  assert.equal(cursor.step, 7);
  cursor.grow(42);
  play(cursor, 5);
  assert.ok(cursor.step > 7);
});

test("loop off lets go of the range, and play ends at the end of the tape", () => {
  const cursor = cursorOn(42);
  cursor.setRange(6, 9);
  cursor.setLoop(false);
  cursor.seek(7);
  cursor.play();
  play(cursor, 60);
  assert.deepEqual([cursor.step, cursor.playing, cursor.range], [41, false, null]);
});

test("a seek while playing goes on playing from there", () => {
  const cursor = cursorOn(42);
  cursor.play();
  cursor.seek(20);
  cursor.advance(0.1);
  assert.deepEqual([cursor.step, cursor.playing], [21, true]);
});

test("the speeds are gone through one by one, and end at the slowest and the fastest", () => {
  const cursor = cursorOn(42);
  const up = SPEEDS.map(() => (cursor.changeSpeed(1), cursor.speed));
  assert.deepEqual(up, [2, 4, 8, 8, 8, 8]);
  const down = SPEEDS.map(() => (cursor.changeSpeed(-1), cursor.speed));
  assert.deepEqual(down, [4, 2, 1, 0.5, 0.25, 0.25]);
});

test("a tape of one step can be played", () => {
  const cursor = cursorOn(1);
  cursor.play();
  play(cursor, 5);
  assert.deepEqual([cursor.step, cursor.playing], [0, false]);
});

test("playing tells of a change only when the step changes", () => {
  const cursor = cursorOn(42);
  cursor.seek(0);
  cursor.play();
  let told = 0;
  cursor.addEventListener("change", () => told++);
  for (let frame = 0; frame < 63; frame++) cursor.advance(1 / 60);
  assert.equal(cursor.step, 10);
  assert.equal(told, 10);
});

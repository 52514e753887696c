import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Standing } from "#viewer/player/standing.mjs";
import { Store } from "#viewer/store.mjs";

const PIN = { panel: "read2.weighting", step: 4, row: 1 };
const REST_MS = 1000;

/** A tape of ten steps that is all there, with what it tells in order; `rest` lets what was done last be told. */
function standing() {
  mock.timers.enable({ apis: ["setTimeout"] });
  const store = new Store();
  store.cursor.begin(10);
  const tape = {
    held: null,
    get pin() {
      return this.held;
    },
    set pin(pin) {
      this.held = pin;
      store.look({ pinned: pin !== null });
    },
  };
  const told = [];
  const stands = new Standing(store, tape, (what) => told.push(what));
  store.cursor.grow(10);
  store.cursor.pause();
  store.cursor.seek(9);
  const rest = () => mock.timers.tick(REST_MS);
  rest();
  stands.show(told.at(-1));
  return { store, tape, told, stands, rest };
}

test.afterEach(() => mock.timers.reset());

test("what was told is left alone when it comes back, though it was changed since", () => {
  const { tape, told, stands, rest } = standing();
  tape.pin = PIN;
  rest();
  const pinned = told.at(-1);
  assert.deepEqual(pinned, { step: 9, pin: PIN });
  stands.show(pinned);
  tape.pin = null;
  rest();
  stands.show(pinned); // as it is shown once more for another reason, such as a status
  assert.equal(tape.pin, null);
  stands.show(told.at(-1));
  assert.equal(tape.pin, null);
});

test("what comes back late, or only the last of it, is left alone", () => {
  const { store, tape, told, stands, rest } = standing();
  for (const step of [3, 5]) {
    store.cursor.seek(step);
    rest();
  }
  const [late, last] = told.slice(-2);
  stands.show(late);
  assert.equal(store.cursor.step, 5);
  stands.show(last);
  assert.equal(store.cursor.step, 5);
  for (const step of [6, 7]) {
    store.cursor.seek(step);
    rest();
  }
  stands.show(told.at(-1));
  assert.equal(store.cursor.step, 7);
  assert.equal(tape.pin, null);
});

test("what whoever placed it sets is shown, the same as before too, and is not told back", () => {
  const { store, tape, told, stands, rest } = standing();
  stands.show({ step: 2, pin: PIN });
  assert.equal(store.cursor.step, 2);
  assert.deepEqual(tape.pin, PIN);
  const count = told.length;
  rest();
  assert.equal(told.length, count);
  store.cursor.seek(6);
  rest();
  stands.show(told.at(-1));
  stands.show({ step: 2, pin: PIN });
  assert.equal(store.cursor.step, 2);
});

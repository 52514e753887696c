import assert from "node:assert/strict";
import { before, test } from "node:test";

import { SPEEDS, TimeCursor } from "#viewer/model/cursor.mjs";
import { actionOf, belongsTo } from "#viewer/player/keys.mjs";

/** A cursor at step 20 of 0…100. */
function cursorAt20() {
  const cursor = new TimeCursor();
  cursor.begin(101);
  cursor.grow(101);
  cursor.seek(20);
  return cursor;
}

const key = (name, modifiers = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });

function press(cursor, ...event) {
  const action = actionOf(cursor, key(...event));
  assert.ok(action, `${event[0]} does something`);
  action();
}

for (const [name, modifiers, step] of [
  ["ArrowRight", {}, 21],
  ["ArrowLeft", {}, 19],
  ["ArrowRight", { shiftKey: true }, 25],
  ["ArrowLeft", { shiftKey: true }, 15],
  ["PageUp", {}, 30],
  ["PageDown", {}, 10],
  ["Home", {}, 0],
  ["End", {}, 100],
  ["0", {}, 0],
  ["5", {}, 50],
  ["9", {}, 90],
]) {
  test(`${modifiers.shiftKey ? "shift and " : ""}${name} goes from step 20 to step ${step}, and pauses`, () => {
    const cursor = cursorAt20();
    cursor.play();
    press(cursor, name, modifiers);
    assert.deepEqual([cursor.step, cursor.playing], [step, false]);
  });
}

for (const [name, modifiers, step] of [
  ["n", {}, 51],
  ["N", { shiftKey: true }, 1],
  ["n", { shiftKey: true }, 1],
  ["m", {}, 60],
  ["M", { shiftKey: true }, 20],
]) {
  test(`${modifiers.shiftKey ? "shift and " : ""}${name} leads from step 20 to step ${step}`, () => {
    const cursor = cursorAt20();
    cursor.landmarks = { phase: [0, 1, 51, 52], mark: [60, 70] };
    press(cursor, name, modifiers);
    assert.equal(cursor.step, step);
  });
}

test("space and k play and pause", () => {
  for (const name of [" ", "k"]) {
    const cursor = cursorAt20();
    press(cursor, name);
    assert.equal(cursor.playing, true);
    press(cursor, name);
    assert.equal(cursor.playing, false);
  }
});

test("< and > typed with AltGr, which Windows sends as Ctrl and Alt, change the speed; Ctrl + Alt + L is no loop", () => {
  const cursor = cursorAt20();
  const altGr = { ctrlKey: true, altKey: true };
  press(cursor, "<", altGr);
  assert.equal(cursor.speed, SPEEDS[SPEEDS.indexOf(1) - 1]);
  press(cursor, ">", altGr);
  assert.equal(cursor.speed, 1);
  assert.equal(actionOf(cursor, key("l", altGr)), null);
  assert.equal(actionOf(cursor, key("<", { ctrlKey: true })), null);
});

test("< and > change the speed, l the loop", () => {
  const cursor = cursorAt20();
  press(cursor, ">", { shiftKey: true });
  assert.equal(cursor.speed, SPEEDS[SPEEDS.indexOf(1) + 1]);
  press(cursor, "<", { shiftKey: true });
  assert.equal(cursor.speed, 1);
  press(cursor, "l");
  assert.equal(cursor.loop, true);
});

test("single letters work with caps lock on", () => {
  const cursor = cursorAt20();
  press(cursor, "K");
  assert.equal(cursor.playing, true);
  press(cursor, "L");
  assert.equal(cursor.loop, true);
});

test("the browser's own shortcuts are left alone", () => {
  for (const modifier of ["ctrlKey", "metaKey", "altKey"]) {
    for (const name of ["k", "l", "0", "ArrowLeft", "Home"]) {
      assert.equal(actionOf(cursorAt20(), key(name, { [modifier]: true })), null, `${modifier} ${name}`);
    }
  }
});

test("other keys are left alone", () => {
  for (const name of ["a", "Tab", "Enter", "F5", "ArrowUp", "Shift", "10"]) {
    assert.equal(actionOf(cursorAt20(), key(name)), null, name);
  }
});

/** An element of a page without a page: its tag, its attributes, and what it stands in. */
class FakeElement {
  constructor(tag, attributes = {}, parent = null) {
    Object.assign(this, { tag, attributes, parent, isContentEditable: Boolean(attributes.contenteditable) });
  }

  #is(selector) {
    const [, tag, rest] = /^([a-z]*)(.*)$/.exec(selector);
    const without = [...rest.matchAll(/:not\(\[(\w+)=(\w+)\]\)/g)].every(([, name, value]) => this.attributes[name] !== value);
    const having = [...rest.replace(/:not\(.*?\)/g, "").matchAll(/\[([\w-]+)=(\w+)\]/g)].every(([, name, value]) => this.attributes[name] === value);
    return (tag === "" || tag === this.tag) && without && having;
  }

  closest(selectors) {
    const found = selectors.split(/, */).some((selector) => this.#is(selector));
    return found ? this : (this.parent?.closest(selectors) ?? null);
  }
}

before(() => {
  globalThis.HTMLElement = FakeElement;
});

for (const [what, focused] of [
  ["a text area", ["textarea"]],
  ["a field", ["input", { type: "text" }]],
  ["a chooser", ["select"]],
  ["an editable text", ["div", { contenteditable: true }]],
  ["the drawing", ["canvas", { role: "application" }]],
]) {
  test(`every key belongs to ${what}`, () => {
    for (const name of [" ", "k", "5", "ArrowLeft", "Home", "?"]) {
      assert.equal(belongsTo(new FakeElement(...focused), name), true, name);
    }
  });
}

test("of a button only space belongs to it", () => {
  const inside = new FakeElement("span", {}, new FakeElement("button"));
  assert.deepEqual([" ", "k", "ArrowLeft", "5"].map((name) => belongsTo(inside, name)), [true, false, false, false]);
});

test("of a radio button space and the arrows belong to it", () => {
  const radio = new FakeElement("input", { type: "radio" });
  assert.deepEqual([" ", "ArrowLeft", "k", "5"].map((name) => belongsTo(radio, name)), [true, true, false, false]);
});

test("no key belongs to the page itself, or to the time bar", () => {
  for (const focused of [null, new FakeElement("body"), new FakeElement("div", { role: "slider" })]) {
    for (const name of [" ", "k", "ArrowLeft"]) assert.equal(belongsTo(focused, name), false);
  }
});

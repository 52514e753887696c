import assert from "node:assert/strict";
import { test } from "node:test";

import { fill } from "#viewer/draw/dom.mjs";

/** Of an element that which is needed here. */
class Box {
  /** @type {Node[]} */
  children = [];

  /** @param {Node[]} children */
  replaceChildren(...children) {
    this.children = children;
  }
}

const box = () => /** @type {Element} */ (/** @type {unknown} */ (new Box()));
const node = () => /** @type {Node} */ (/** @type {unknown} */ ({}));

test("children are made anew where they are made of something else, and stay where they are not", () => {
  const [into, first, second] = [box(), node(), node()];
  assert.equal(fill(into, [42, ["a"]], () => [first]), true);
  assert.equal(fill(into, [42, ["a"]], () => assert.fail("these are there")), false);
  assert.deepEqual([...into.children], [first]);
  assert.equal(fill(into, [42, ["b"]], () => [second]), true);
  assert.equal(into.children[0], second);
});

test("an element that was never filled is, whatever another one has", () => {
  fill(box(), 1, () => [node()]);
  const clone = box();
  assert.equal(fill(clone, 1, () => [node()]), true);
  assert.equal(clone.children.length, 1);
});

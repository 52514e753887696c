/** The one machine that is chosen, whatever the chooser says late. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Chosen } from "../../frontend/tapedeck_page/assets/tape/chosen.mjs";

/** One whose chooser is told what to name; it hears what the chooser says. */
function named() {
  const told = { names: [], atChooser: false };
  const chosen = new Chosen({ name: (machine) => told.names.push(machine), atChooser: () => told.atChooser });
  const hears = (machine) => chosen.hear(machine, ["machine"]);
  hears("copy-1");
  return { chosen, told, hears };
}

test("a machine that the tape shows is chosen at once, and named without having been chosen by the user", () => {
  const { chosen, told, hears } = named();
  chosen.follow("a");
  assert.equal(chosen.machine, "a");
  chosen.follow("b");
  chosen.follow("c");
  assert.deepEqual(told.names, ["a"], "one name at a time");
  assert.equal(hears("a"), false);
  assert.deepEqual(told.names, ["a", "c"]);
  assert.equal(hears("a"), false);
  assert.equal(chosen.machine, "c", "Dash may say again what it said before");
  assert.deepEqual(told.names, ["a", "c", "c"], "the chooser may have dropped what it was told, and is told again");
  assert.equal(hears("c"), false);
  assert.equal(chosen.machine, "c");
});

test("a machine that is chosen while the chooser is being told another counts", () => {
  const { chosen, hears } = named();
  chosen.follow("a");
  assert.equal(hears("b"), true);
  assert.equal(chosen.machine, "b");
});

test("a machine that the chooser names late, after the next, was not chosen", () => {
  const { chosen, told, hears } = named();
  for (const machine of ["a", "b"]) {
    chosen.follow(machine);
    hears(machine);
  }
  assert.equal(hears("a"), false);
  assert.equal(chosen.machine, "b", "the tape's machine stays the chosen one");
  assert.equal(told.names.at(-1), "b", "the chooser is told so");
  assert.deepEqual([hears("b"), hears("b")], [false, false]);
});

test("a machine that the tape has shown before can be chosen", () => {
  const { chosen, told, hears } = named();
  for (const machine of ["a", "b"]) {
    chosen.follow(machine);
    hears(machine);
  }
  told.atChooser = true;
  assert.equal(hears("a"), true);
  assert.equal(chosen.machine, "a");
});

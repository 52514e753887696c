/** Changes that go to another machine: what is left out, and how it comes back. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Changes } from "#viewer/model/changes.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { Moving } from "../../frontend/tapedeck_page/assets/tape/lab/moving.mjs";
import { header } from "../viewer/recording.mjs";

const run = new Trace(header());
const [FIRST, SECOND, THIRD] = ["write", "read", "read3"].map((head) => ({ kind: "freeze", head }));

/** Three changes that are made on one machine, of which a run is there. */
function made() {
  const changes = new Changes();
  const moving = new Moving(changes);
  moving.follow("one", []);
  moving.arrive("one");
  changes.become([FIRST, SECOND, THIRD]);
  return { changes, moving };
}

test("on another machine the refused changes are left out, said in one sentence, and undone at once", () => {
  const { changes, moving } = made();
  moving.follow("other", changes.list);
  assert.equal(moving.leaveOut(2, run), true);
  moving.follow("other", changes.list);
  assert.equal(moving.leaveOut(0, run), true);
  assert.deepEqual(changes.list, [SECOND]);
  assert.equal(moving.arrive("other"), "2 changes are left out, which this machine or its task does not have: Freeze the head “read3” where it is at every step; Freeze the write head where it is at every step. Undo brings them back.");
  changes.undo();
  assert.deepEqual(changes.list, [FIRST, SECOND, THIRD]);
});

test("where all are left out the run is the plain one, and the sentence is still said", () => {
  const { changes, moving } = made();
  changes.become([THIRD]);
  moving.follow("other", changes.list);
  moving.leaveOut(0, run);
  moving.follow("other", []);
  assert.match(moving.arrive("other"), /^One change is left out, .*\. Undo brings it back\.$/);
});

test("a change that is refused on its own machine stays, and so does one of a link", () => {
  const { changes, moving } = made();
  moving.follow("one", changes.list);
  assert.equal(moving.leaveOut(0, run), false);
  moving.follow("linked", [SECOND]);
  assert.deepEqual([moving.leaveOut(0, run), changes.list, changes.canUndo], [false, [SECOND], false]);
  moving.follow("other", [SECOND]);
  assert.deepEqual([moving.leaveOut(7, run), moving.leaveOut(NaN, run), moving.arrive("other")], [false, false, ""]);
  moving.follow("other", [SECOND]);
  assert.equal(moving.leaveOut(0, run), false, "what is brought back is refused beside the change");
});

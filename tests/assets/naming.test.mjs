/** An input in a few words, and in the name of a file. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { slugOf, wordsOf } from "../../frontend/tapedeck_page/assets/tape/naming.mjs";
import { parseText } from "../../frontend/tapedeck_page/assets/tape/sequences/typed.mjs";
import { readTask } from "../../frontend/tapedeck_page/assets/tape/task.mjs";
import { COPY, RECALL, REPEAT } from "./tasks.mjs";

const [copy, repeat, recall] = [COPY, REPEAT, RECALL].map(readTask);
const text = (typed) => ({ rows: parseText(typed), numbers: {} });
const LONG = "a text that is far too long for the name of a file, and for a button";

for (const [task, written, slug, words] of [
  [copy, text("Hello, tape machine!"), "hello-tape-machine", "“Hello, tape machine!”"],
  [copy, text("Grüße/../C:\\ 🎞️"), "grusse-c", "“Grüße/../C:\\ 🎞U+FE0F”"],
  [copy, text(LONG), "a-text-that-is-far-too-long-for", "“a text that is far too …”"],
  [copy, text("🎞️"), "7-vectors", "“🎞U+FE0F”"],
  [copy, { rows: ["11111111", "10000000"], numbers: {} }, "2-vectors", "2 vectors"],
  [copy, { rows: ["10101"], numbers: {} }, "1-vector", "1 vector"],
  [repeat, { ...text("Tape"), numbers: { repeats: 3 } }, "tape-3-repeats", "“Tape”, 3 repeats"],
  [recall, { rows: Array(12).fill("101010"), numbers: { query: 1 } }, "4-items-query-2", "4 items"],
]) {
  test(`“${words}” is ${slug} in the name of a file`, () => {
    assert.equal(slugOf(task, written), slug);
    assert.equal(wordsOf(task, written), words);
    assert.match(slug, /^[a-z0-9]+(-[a-z0-9]+)*$/);
  });
}

/** Which runs fill the guide's chapters. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Guide } from "../../frontend/tapedeck_page/assets/tape/guide.mjs";
import { header } from "../viewer/recording.mjs";
import { socketClass } from "../viewer/service.mjs";

let Socket, guide, told;
const socket = () => Socket.made.at(-1);
const open = () => Socket.made.filter(({ readyState }) => readyState !== Socket.CLOSED).length;
const sent = () => socket().sent.map(({ checkpoint, input }) => `${checkpoint} ${input.sequence}`);

/** A chapter that writes down what it is told. */
const chapter = (name) => ({
  request: (checkpoint) => ({ checkpoint, input: { sequence: name }, locations: null, interventions: [] }),
  begin: () => told.push(`${name} begins`),
  grow: () => {},
  finish: (checkpoint) => told.push(`${name} on ${checkpoint}`),
  refuse: ({ detail }) => told.push(`${name}: ${detail}`),
  restyle: () => {},
  measure: () => {},
});

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  Socket = socketClass();
  told = [];
  globalThis.ResizeObserver = globalThis.MutationObserver = class {
    observe() {}
  };
  globalThis.document ??= {};
  guide = new Guide({ querySelectorAll: () => [] }, "ws://host/api/stream", Socket);
  guide.chapters = [chapter("one"), chapter("two")];
});

function whole() {
  socket().say(header());
  socket().say({ type: "done", wrong: 0 });
}

test("the chapters run one after another, and then the connection is closed", () => {
  guide.open("copy-1");
  guide.open("copy-1");
  socket().open();
  whole();
  whole();
  assert.deepEqual(sent(), ["copy-1 one", "copy-1 two"]);
  assert.deepEqual(told, ["one begins", "one on copy-1", "two begins", "two on copy-1"]);
  assert.deepEqual([Socket.made.length, open()], [1, 0]);
});

test("another machine replaces the one that runs", () => {
  guide.open("copy-1");
  socket().open();
  guide.open("copy-2");
  assert.equal(open(), 1);
  socket().open();
  whole();
  whole();
  assert.deepEqual(told.filter((line) => line.includes(" on ")), ["one on copy-2", "two on copy-2"]);
});

test("when the service was away the chapters go on, on one connection", () => {
  guide.open("copy-1");
  socket().open();
  whole();
  socket().cut();
  guide.open("copy-1");
  mock.timers.tick(4000);
  assert.equal(open(), 1);
  socket().open();
  assert.deepEqual(sent(), ["copy-1 two"]);
});

test("a fault is told in the chapter that it hit; the others run, and the next visit tries again", () => {
  guide.open("copy-1");
  socket().open();
  socket().say({ type: "error", error: { code: "too_busy", detail: "Too many runs.", field: null } });
  whole();
  assert.deepEqual(told, ["one: Too many runs.", "two begins", "two on copy-1"]);
  guide.open("copy-1");
  socket().open();
  assert.deepEqual(sent(), ["copy-1 one"]);
});

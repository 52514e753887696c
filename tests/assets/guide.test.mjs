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

/** What the chapters are to run: each its own sequence, on this machine. */
const on = (...machines) => ["one", "two"].map((sequence, at) => request(machines[at] ?? machines[0], sequence));
const request = (checkpoint, sequence) => checkpoint && { checkpoint, input: { sequence }, locations: null, interventions: [] };

/** A chapter that writes down what it is told. */
const chapter = (name) => ({
  shown: "",
  shows(request) {
    return this.shown === JSON.stringify(request);
  },
  begin: () => told.push(`${name} begins`),
  grow: () => {},
  finish(request) {
    this.shown = JSON.stringify(request);
    told.push(`${name} on ${request.checkpoint}`);
  },
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
  guide.open(on("copy-1"));
  guide.open(on("copy-1"));
  socket().open();
  whole();
  whole();
  assert.deepEqual(sent(), ["copy-1 one", "copy-1 two"]);
  assert.deepEqual(told, ["one begins", "one on copy-1", "two begins", "two on copy-1"]);
  assert.deepEqual([Socket.made.length, open()], [1, 0]);
});

test("another machine replaces the one that runs", () => {
  guide.open(on("copy-1"));
  socket().open();
  guide.open(on("copy-2"));
  assert.equal(open(), 1);
  socket().open();
  whole();
  whole();
  assert.deepEqual(told.filter((line) => line.includes(" on ")), ["one on copy-2", "two on copy-2"]);
});

test("when the service was away the chapters go on, on one connection", () => {
  guide.open(on("copy-1"));
  socket().open();
  whole();
  socket().cut();
  guide.open(on("copy-1"));
  mock.timers.tick(4000);
  assert.equal(open(), 1);
  socket().open();
  assert.deepEqual(sent(), ["copy-1 two"]);
});

test("a fault is told in the chapter that it hit; the others run, and the next visit tries again", () => {
  guide.open(on("copy-1"));
  socket().open();
  socket().say({ type: "error", error: { code: "too_busy", detail: "Too many runs.", field: null } });
  whole();
  assert.deepEqual(told, ["one: Too many runs.", "two begins", "two on copy-1"]);
  guide.open(on("copy-1"));
  socket().open();
  assert.deepEqual(sent(), ["copy-1 one"]);
});

test("only what changes is run again, and a chapter without a machine says so", () => {
  guide.open(on("copy-1", "recall-1"));
  socket().open();
  whole();
  whole();
  guide.open(on("copy-2", "recall-1"));
  socket().open();
  assert.deepEqual(sent(), ["copy-2 one"]);
  whole();
  guide.open([request("copy-2", "one"), null]);
  assert.equal(told.at(-1), "two: The service has no machine that can run this chapter.");
  assert.equal(open(), 0);
});

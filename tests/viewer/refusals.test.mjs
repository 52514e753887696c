/** A stream whose messages the service refuses: they come too fast, or while a run goes on. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { UNKNOWN } from "#viewer/contract/reachability.mjs";
import { Stream } from "#viewer/contract/stream.mjs";
import { notebook, socketClass } from "./service.mjs";

let Socket, listener, stream;
const socket = () => Socket.made.at(-1);
const request = (sequence) => ({ checkpoint: "copy-1", sequence, locations: null, interventions: [] });
const frame = (number) => Uint8Array.of(number).buffer;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  Socket = socketClass();
  listener = notebook();
  stream = new Stream("ws://host/api/stream", listener, Socket, async () => UNKNOWN);
});

/** What the page has sent, in short. */
const sent = () => socket().sent.map(({ type, sequence }) => (type === "run" ? `run ${sequence}` : type));

function whole(number) {
  socket().say({ type: "header", name: number });
  socket().say(frame(number));
  socket().say({ type: "done", wrong: number });
}

const refuse = (code) => socket().say({ type: "error", error: { code, detail: "No.", field: null } });

test("a run that came too soon is sent again after a second, and nothing is told of it", () => {
  socket().open();
  stream.run(request(1));
  refuse("too_many_messages");
  mock.timers.tick(999);
  assert.deepEqual(sent(), ["run 1"]);
  mock.timers.tick(1);
  assert.deepEqual(sent(), ["run 1", "run 1"]);
  whole(1);
  assert.deepEqual(listener.told, ["header 1", "frame 1", "done 1"]);
});

test("a cancel that came too soon is sent again; meanwhile the run goes on, and is not told", () => {
  socket().open();
  stream.run(request(1));
  socket().say({ type: "header", name: 1 });
  stream.run(request(2));
  refuse("too_many_messages");
  socket().say(frame(1));
  mock.timers.tick(1000);
  assert.deepEqual(sent(), ["run 1", "cancel", "cancel"]);
  socket().say({ type: "cancelled" });
  whole(2);
  assert.deepEqual(listener.told, ["header 1", "header 2", "frame 2", "done 2"]);
});

test("a run that ended before its cancel was to be sent again is not cancelled any more", () => {
  socket().open();
  stream.run(request(1));
  socket().say({ type: "header", name: 1 });
  stream.run(request(2));
  refuse("too_many_messages");
  socket().say({ type: "done", wrong: 1 });
  whole(2);
  mock.timers.tick(1000);
  assert.deepEqual(sent(), ["run 1", "cancel", "run 2"]);
});

test("when a run and the cancel after it came too soon, the newest runs all the same", () => {
  socket().open();
  stream.run(request(1));
  stream.run(request(2));
  refuse("too_many_messages");
  refuse("too_many_messages");
  mock.timers.tick(1000);
  assert.deepEqual(sent(), ["run 1", "cancel", "run 1", "cancel"]);
  socket().say({ type: "cancelled" });
  whole(2);
  assert.deepEqual(listener.told, ["header 2", "frame 2", "done 2"]);
});

test("a run that the service has no place for yet waits for the end of the one that goes on", () => {
  socket().open();
  stream.run(request(1));
  refuse("run_in_progress");
  socket().say(frame(7));
  socket().say({ type: "done", wrong: 7 });
  assert.deepEqual(sent(), ["run 1", "run 1"]);
  whole(1);
  assert.deepEqual(listener.told, ["header 1", "frame 1", "done 1"]);
});

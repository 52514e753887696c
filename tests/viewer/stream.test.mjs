import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { UNKNOWN, findObstacle } from "#viewer/contract/reachability.mjs";
import { Stream } from "#viewer/contract/stream.mjs";
import { randomNumbers } from "./recording.mjs";
import { Service, notebook, socketClass } from "./service.mjs";

const LONGEST_WAIT_MS = 4000;

let Socket, listener, stream, obstacles;
const socket = () => Socket.made.at(-1);
const request = (sequence) => ({ checkpoint: "copy-1", sequence, locations: null, interventions: [] });
const frame = (number) => Uint8Array.of(number).buffer;

function begin() {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  Socket = socketClass();
  listener = notebook();
  obstacles = [];
  stream = new Stream("ws://host/api/stream", listener, Socket, async () => obstacles.shift() ?? UNKNOWN);
}

beforeEach(begin);

/** What the page has sent on the newest socket, in short. */
const sent = () => socket().sent.map(({ type, sequence }) => (type === "run" ? `run ${sequence}` : type));

function whole(number) {
  socket().say({ type: "header", name: number });
  socket().say(frame(number));
  socket().say({ type: "done", wrong: number });
}

test("a run is sent as the service's contract has it, and told from header to end", () => {
  socket().open();
  stream.run(request(1));
  assert.equal(socket().url, "ws://host/api/stream");
  assert.equal(socket().binaryType, "arraybuffer");
  assert.deepEqual(socket().sent, [{ type: "run", ...request(1) }]);
  whole(1);
  assert.deepEqual(listener.told, ["header 1", "frame 1", "done 1"]);
});

test("runs follow one another on one connection", () => {
  socket().open();
  for (const number of [1, 2, 3]) {
    stream.run(request(number));
    whole(number);
  }
  assert.equal(Socket.made.length, 1);
  assert.deepEqual(listener.told.filter((line) => line.startsWith("done")), ["done 1", "done 2", "done 3"]);
});

test("what a run is followed by on other machines is told without being asked for, and only the rest after a cut", () => {
  socket().open();
  stream.run({ ...request(1), sha256: "00", then: ["2", "3"] });
  whole(1);
  socket().say({ type: "header", name: 2 });
  assert.ok(stream.goesOnWith({ ...request(1), checkpoint: "2", then: ["3"] }));
  assert.ok(!stream.goesOnWith(null));
  socket().cut();
  mock.timers.tick(LONGEST_WAIT_MS);
  socket().open();
  assert.deepEqual(socket().sent, [{ type: "run", ...request(1), checkpoint: "2", then: ["3"] }]);
  whole(2);
  whole(3);
  assert.ok(stream.goesOnWith(null));
  assert.deepEqual(listener.told.filter((line) => line.startsWith("done")), ["done 1", "done 2", "done 3"]);
});

test("what follows a run ends with it where it is stopped", () => {
  socket().open();
  stream.run({ ...request(1), then: ["2"] });
  whole(1);
  stream.stop();
  socket().say({ type: "header", name: 2 }); // it had begun
  socket().say({ type: "cancelled" });
  assert.deepEqual(sent(), ["run 1", "cancel"]);
  assert.ok(stream.goesOnWith(null));
});

test("what is run before the connection stands is sent when it does, the last one only", () => {
  stream.run(request(1));
  stream.run(request(2));
  assert.deepEqual(sent(), []);
  socket().open();
  assert.deepEqual(sent(), ["run 2"]);
  assert.deepEqual(listener.told, [], "there is no word of coming back when it was never away");
});

test("a new run replaces the one that is going on, of which nothing more is told", () => {
  socket().open();
  stream.run(request(1));
  socket().say({ type: "header", name: 1 });
  socket().say(frame(1));
  stream.run(request(2));
  assert.deepEqual(sent(), ["run 1", "cancel"]);
  socket().say(frame(1));
  socket().say({ type: "cancelled" });
  assert.deepEqual(sent(), ["run 1", "cancel", "run 2"]);
  whole(2);
  assert.deepEqual(listener.told, ["header 1", "frame 1", "header 2", "frame 2", "done 2"]);
});

test("a run that ends by itself while it is being replaced is replaced all the same", () => {
  socket().open();
  stream.run(request(1));
  stream.run(request(2));
  socket().say({ type: "header", name: 1 });
  socket().say(frame(1));
  socket().say({ type: "done", wrong: 1 });
  assert.deepEqual(sent(), ["run 1", "cancel", "run 2"]);
  whole(2);
  assert.deepEqual(listener.told, ["header 2", "frame 2", "done 2"]);
});

test("of many runs in a row the first is cancelled once and the last one runs", () => {
  socket().open();
  for (const number of [1, 2, 3, 4]) stream.run(request(number));
  assert.deepEqual(sent(), ["run 1", "cancel"]);
  socket().say({ type: "cancelled" });
  assert.deepEqual(sent(), ["run 1", "cancel", "run 4"]);
  whole(4);
  assert.deepEqual(listener.told, ["header 4", "frame 4", "done 4"]);
});

test("what follows closely lets the run before begin; then that is cancelled, and the last one runs", () => {
  socket().open();
  for (const number of [1, 2, 3]) stream.revise(request(number));
  assert.deepEqual(sent(), ["run 1"]);
  socket().say({ type: "header", name: 1 });
  assert.deepEqual(sent(), ["run 1", "cancel"]);
  stream.revise(request(4));
  socket().say(frame(1));
  socket().say({ type: "cancelled" });
  assert.deepEqual(sent(), ["run 1", "cancel", "run 4"]);
  whole(4);
  assert.deepEqual(listener.told, ["header 4", "frame 4", "done 4"]);
});

test("a run that was pressed for waits for none that has yet to begin", () => {
  socket().open();
  stream.revise(request(1));
  stream.revise(request(2));
  stream.run(request(3));
  assert.deepEqual(sent(), ["run 1", "cancel"]);
  socket().say({ type: "cancelled" });
  assert.deepEqual(sent(), ["run 1", "cancel", "run 3"]);
});

test("while the service has no room, what follows closely takes the place of what waits, and is sent once", () => {
  socket().open();
  stream.revise(request(1));
  socket().say(busy);
  stream.revise(request(2));
  stream.revise(request(3));
  assert.deepEqual(sent(), ["run 1"]);
  mock.timers.tick(3000);
  assert.deepEqual(sent(), ["run 1", "run 3"]);
  whole(3);
  assert.deepEqual(listener.told, ["busy 3", "header 3", "frame 3", "done 3"]);
});

test("a refused run is told once, and the next one is sent at once", () => {
  socket().open();
  stream.run(request(1));
  socket().say({ type: "error", error: { code: "out_of_range", detail: "Too few.", field: "locations" } });
  assert.deepEqual(listener.told, ["fault Too few."]);
  stream.run(request(2));
  assert.deepEqual(sent(), ["run 1", "run 2"]);
});

const busy = { type: "error", error: { code: "too_many_runs", detail: "Busy.", field: null }, retry_after: 3 };

test("a run that the busy service refused says so and goes on by itself", () => {
  socket().open();
  stream.run(request(1));
  socket().say(busy);
  mock.timers.tick(2999);
  assert.deepEqual(sent(), ["run 1"]);
  mock.timers.tick(1);
  assert.deepEqual(sent(), ["run 1", "run 1"]);
  whole(1);
  assert.deepEqual(listener.told, ["busy 3", "header 1", "frame 1", "done 1"]);
});

test("a newer run takes the place of one that waits, and is not sent twice", () => {
  socket().open();
  stream.run(request(1));
  socket().say(busy);
  stream.run(request(2));
  mock.timers.tick(5000);
  assert.deepEqual(sent(), ["run 1", "run 2"]);
});

test("an error of a run that is being replaced is not told", () => {
  socket().open();
  stream.run(request(1));
  stream.run(request(2));
  socket().say({ type: "error", error: { code: "out_of_range", detail: "Too few.", field: "locations" } });
  assert.deepEqual(sent(), ["run 1", "cancel", "run 2"]);
  assert.deepEqual(listener.told, []);
});

test("a stream that was closed while the service is away does not come back", () => {
  socket().cut();
  stream.close();
  mock.timers.tick(LONGEST_WAIT_MS);
  assert.equal(Socket.made.length, 1);
});

test("a run that the service left in the middle is run again when it is back", () => {
  socket().open();
  stream.run(request(1));
  socket().say({ type: "header", name: 1 });
  socket().say(frame(1));
  socket().cut();
  mock.timers.tick(LONGEST_WAIT_MS);
  socket().open();
  assert.deepEqual(sent(), ["run 1"]);
  whole(1);
  assert.deepEqual(listener.told, ["header 1", "frame 1", "away, running", "back", "header 1", "frame 1", "done 1"]);
});

test("a run that is over is not run again", () => {
  socket().open();
  stream.run(request(1));
  whole(1);
  socket().cut();
  mock.timers.tick(LONGEST_WAIT_MS);
  socket().open();
  assert.deepEqual(sent(), []);
  assert.deepEqual(listener.told.slice(-2), ["away", "back"]);
});

test("when the service goes away while a run is being replaced, the new one runs", () => {
  socket().open();
  stream.run(request(1));
  stream.run(request(2));
  socket().cut();
  mock.timers.tick(LONGEST_WAIT_MS);
  socket().open();
  assert.deepEqual(sent(), ["run 2"]);
});

test("what is asked for while the service is away counts, not what waited before", () => {
  socket().open();
  stream.run(request(1));
  stream.run(request(2));
  socket().cut();
  stream.run(request(3));
  mock.timers.tick(LONGEST_WAIT_MS);
  socket().open();
  assert.deepEqual(sent(), ["run 3"]);
  assert.deepEqual(listener.told, ["away, running", "away, running", "back"]);
});

test("a service that stays away is said once, and tried less and less often", () => {
  const tries = [];
  for (let ms = 0; ms < 30_000; ms += 50) {
    if (socket().readyState === Socket.CONNECTING) {
      tries.push(ms);
      socket().cut();
    }
    mock.timers.tick(50);
  }
  assert.deepEqual(listener.told, ["away"]);
  const waits = tries.slice(1).map((ms, at) => ms - tries[at]);
  assert.deepEqual(waits.slice(0, 6), [250, 500, 1000, 2000, 4000, 4000]);
});

test("after it was back, the service is tried soon again", () => {
  socket().open();
  for (let outage = 0; outage < 3; outage++) {
    const before = Socket.made.length;
    socket().cut();
    mock.timers.tick(250);
    assert.equal(Socket.made.length, before + 1);
    socket().open();
  }
  assert.deepEqual(listener.told, ["away", "back", "away", "back", "away", "back"]);
});

/** Runs, some on two more machines, cuts and messages in an order that a seed decides; then a last run that nothing disturbs. @returns its number */
function muddle(seed) {
  const next = randomNumbers(seed);
  let last = 0;
  let service = null;
  const run = () => stream.run(request(++last));
  const runOnMore = () => stream.run({ ...request(++last), then: [String(++last), String(++last)] });
  const connect = () => {
    mock.timers.tick(LONGEST_WAIT_MS);
    if (socket().readyState !== Socket.CONNECTING) return;
    service = new Service(socket());
    socket().open();
  };
  const cut = () => {
    if (socket().readyState !== Socket.OPEN) return;
    socket().cut();
    service = null;
  };
  const acts = [connect, run, runOnMore, () => service?.hear(), () => service?.compute(), () => service?.deliver()];
  for (let turn = 0; turn < 60; turn++) next() < 0.05 ? cut() : acts[Math.floor(next() * acts.length)]();
  connect();
  run();
  for (let turn = 0; turn < 60; turn++) {
    service.hear();
    service.compute();
    service.deliver();
  }
  return last;
}

test("however messages cross and connections break, the last run is told whole and every run ends at most once", () => {
  for (let seed = 1; seed <= 300; seed++) {
    begin();
    const last = muddle(seed);
    const { told } = listener;
    const whole = [`header ${last}`, `frame ${last}`, `frame ${last}`, `frame ${last}`, `done ${last}`];
    assert.deepEqual(told.slice(-5), whole, `seed ${seed}`);
    assert.equal(told.filter((line) => line === `done ${last}`).length, 1, `seed ${seed}`);
    let running = null;
    for (const line of told) {
      const [what, number] = line.split(" ");
      if (what === "header") running = number;
      if (what === "frame" || what === "done") assert.equal(number, running, `seed ${seed}: ${told.join(", ")}`);
      if (what === "done") running = null;
    }
  }
});

test("an exception in the handling of a run is told as a fault, once, and the next run is taken", (t) => {
  t.mock.method(console, "error", () => {});
  listener.header = ({ name }) => {
    if (name === 1) throw new RangeError("This trace has no field “read.weighting”.");
    listener.told.push(`header ${name}`);
  };
  socket().open();
  stream.run(request(1));
  socket().say({ type: "header", name: 1 });
  socket().say(frame(1));
  assert.deepEqual(sent(), ["run 1", "cancel"]);
  assert.equal(listener.told.length, 1);
  assert.match(listener.told[0], /^fault This page cannot show what the service sent \(This trace has no field “read.weighting”\); /);
  stream.run(request(2));
  socket().say({ type: "cancelled" });
  whole(2);
  assert.deepEqual(listener.told.slice(1), ["header 2", "frame 2", "done 2"]);
});

test("text that is no JSON is told as a fault", (t) => {
  t.mock.method(console, "error", () => {});
  socket().open();
  stream.run(request(1));
  socket().onmessage({ data: "<html>" });
  assert.match(listener.told[0], /^fault This page cannot show/);
});

test("what is in the way is told once it was found twice in a row, and the service's return as ever", async () => {
  const upgrade = { kind: "no-upgrade", sentence: "No WebSocket." };
  obstacles = [UNKNOWN, upgrade, upgrade, upgrade];
  for (let attempt = 0; attempt < 5; attempt++) {
    socket().cut();
    await Promise.resolve();
    await Promise.resolve();
    mock.timers.tick(LONGEST_WAIT_MS);
  }
  assert.deepEqual(listener.told, ["away", "away: no-upgrade"]);
  socket().open();
  assert.equal(listener.told.at(-1), "back");
});

for (const [what, status, body, kind] of [
  ["no upgrade", 426, { error: { detail: "A WebSocket." } }, "no-upgrade"],
  ["no host, or an unknown name", 403, { error: { detail: "Name it (allowed_hosts)." } }, "refused"],
  ["another server", 404, null, "other"],
  ["a login", 403, null, "other"],
  ["a proxy whose service is down", 502, null, "down"],
  ["nothing at all", null, null, "down"],
]) {
  test(`a proxy in the way is told apart: ${what}`, async () => {
    const ask = async () => {
      if (status === null) throw new TypeError("Failed to fetch");
      return new Response(body ? JSON.stringify(body) : "<html>", { status });
    };
    const found = await findObstacle("wss://tape.example/lab/api/stream", ask);
    assert.equal(found.kind, kind);
    if (kind === "refused") assert.equal(found.sentence, "Name it (allowed_hosts).");
  });
}

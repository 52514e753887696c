/** Evaluations and exports go on by themselves when the service is busy. Against a real server on this machine. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";

import { resultsOf } from "../../frontend/tapedeck_page/assets/tape/evaluation.mjs";
import { ask } from "../../frontend/tapedeck_page/assets/tape/export/service.mjs";

const BUSY = { error: { code: "too_many_runs", detail: "This service is busy.", field: null } };

/** A server that gives one answer after another, and again the last one. */
async function serving(answers, use) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    asked.push(JSON.parse(Buffer.concat(parts).toString()));
    const { status = 200, headers = {}, body } = answers[Math.min(asked.length, answers.length) - 1];
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await use(`http://127.0.0.1:${server.address().port}/`, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const busyFor = (seconds) => ({ status: 503, headers: { "Retry-After": String(seconds) }, body: JSON.stringify(BUSY) });

/** The results of an evaluation, and how often it was said that the service is busy. */
async function evaluated(address) {
  const told = [];
  const results = [];
  for await (const result of resultsOf({ lengths: [1] }, (seconds) => told.push(seconds), new AbortController().signal, address)) results.push(result);
  return { results, told };
}

/** An export as text, and how often it was said that the service is busy. */
async function exported(address, { signal = new AbortController().signal, busy = () => {} } = {}) {
  const told = [];
  const heard = (seconds) => {
    told.push(seconds);
    busy();
  };
  const blob = await ask({ checkpoint: "a" }, "csv", { arrived: () => {}, busy: heard }, signal, address);
  return { text: await blob.text(), told };
}

test("an evaluation goes on by itself when the busy service refuses it", () =>
  serving([busyFor(0), busyFor(0), { body: '{"length": 1}\n' }], async (address, asked) => {
    assert.deepEqual(await evaluated(address), { results: [{ length: 1 }], told: [0, 0] });
    assert.deepEqual(asked, Array(3).fill({ lengths: [1] }));
  }));

test("an export goes on by itself when the busy service refuses it", () =>
  serving([busyFor(0), { body: "step,phase" }], async (address, asked) => {
    assert.deepEqual(await exported(address), { text: "step,phase", told: [0] });
    assert.equal(asked.length, 2);
  }));

test("what waits for a busy service can be cancelled", () =>
  serving([busyFor(600)], async (address, asked) => {
    const controller = new AbortController();
    const waiting = exported(address, { signal: controller.signal, busy: () => controller.abort() });
    await assert.rejects(waiting, { name: "AbortError" });
    assert.equal(asked.length, 1);
  }));

test("a refusal that says nothing of later is final", () =>
  serving([{ status: 503, body: JSON.stringify(BUSY) }], async (address, asked) => {
    await assert.rejects(evaluated(address), { message: "This service is busy." });
    await assert.rejects(exported(address), { message: "This service is busy." });
    assert.equal(asked.length, 2);
  }));

test("an error in the last line of an evaluation is told, after the results before it", () =>
  serving([{ body: `{"length": 1}\n${JSON.stringify({ error: { code: "non_finite", detail: "The numbers overflow.", field: null } })}\n` }], async (address) => {
    const results = resultsOf({}, () => {}, new AbortController().signal, address);
    assert.deepEqual((await results.next()).value, { length: 1 });
    await assert.rejects(results.next(), { message: "The numbers overflow." });
  }));

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Listed } from "../../frontend/tapedeck_page/assets/tape/listed.mjs";

const TASKS = [{ name: "copy" }, { name: "recall" }];
const MACHINES = [{ id: "recall-1", task: "recall" }, { id: "copy-0", error: "cut short" }, { id: "copy-1", task: "copy" }, { id: "copy-2", task: "copy" }];
let answers;

beforeEach(() => {
  answers = { "api/checkpoints": MACHINES, "api/tasks": TASKS };
  globalThis.fetch = async (address) => {
    const told = Object.entries(answers).find(([path]) => String(address).endsWith(path))?.[1];
    if (told === "away") throw new TypeError("failed to fetch");
    return Response.json(told, { status: told === "broken" ? 500 : 200 });
  };
});

async function asked() {
  const listed = new Listed();
  await listed.ask();
  return listed;
}

test("the first machine of the first task is chosen, or one that is wanted and here", async () => {
  const listed = await asked();
  assert.equal(listed.choose(), "copy-1");
  assert.equal(listed.choose("gone", null, "copy-2", "recall-1"), "copy-2");
  assert.equal(listed.choose("copy-0"), "copy-1");
});

test("without tasks it is the first that can be read, without machines none", async () => {
  answers["api/tasks"] = [];
  assert.equal((await asked()).choose(), "recall-1");
  answers["api/checkpoints"] = [];
  assert.equal((await asked()).choose("copy-1"), null);
});

for (const what of ["away", "broken"]) {
  test(`what was listed stays where the service is ${what}`, async () => {
    const listed = await asked();
    answers["api/tasks"] = what;
    assert.equal(await listed.ask(), false);
    assert.equal(listed.choose("recall-1"), "recall-1");
  });
}

test("of two answers the later question's counts", async () => {
  const listed = new Listed();
  const [first, second] = [listed.ask(), listed.ask()];
  assert.deepEqual(await Promise.all([first, second]), [false, true]);
});

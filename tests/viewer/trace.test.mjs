import assert from "node:assert/strict";
import { test } from "node:test";

import { Trace, bytesOf } from "#viewer/model/trace.mjs";
import { frames, header, lengthOf, randomNumbers, rows } from "./recording.mjs";

/** Rows as a machine could give them: weightings that sum to 1, the rest in 0…1. */
function machineRows(head, seed) {
  const next = randomNumbers(seed);
  let focus = 0;
  return rows(head, (name, step, index) => {
    if (!name.endsWith(".weighting")) return next();
    if (index === 0) focus = Math.floor(next() * head.locations);
    const away = Math.min((index - focus + head.locations) % head.locations, (focus - index + head.locations) % head.locations);
    return [0.8, 0.1][away] ?? 0;
  });
}

function traceOf(head, all, sizes = [head.steps]) {
  const trace = new Trace(head);
  frames(head, all, sizes).forEach((frame) => trace.append(frame));
  return trace;
}

/** M ← M ∘ (1 − w eᵀ) + w aᵀ as plain loops in float64: the memory after each step. */
function memories(trace) {
  const memory = trace.header.memory.start.map((row) => [...row]);
  return Array.from({ length: trace.steps }, (_, step) => {
    for (const { name } of trace.writers) {
      const [w, e, a] = ["weighting", "erase_vector", "add_vector"].map((stage) => trace.at(`${name}.${stage}`, step));
      for (let i = 0; i < trace.locations; i++) {
        for (let m = 0; m < trace.width; m++) memory[i][m] = memory[i][m] * (1 - w[i] * e[m]) + w[i] * a[m];
      }
    }
    return memory.flat();
  });
}

function assertClose(found, expected, where) {
  found.forEach((value, cell) => {
    assert.ok(Math.abs(value - expected[cell]) < 2e-6, `${where}, cell ${cell}: ${value}, expected ${expected[cell]}`);
  });
}

/** A trace in which heads put weight on some locations only. */
function traceUsing(used, locations, focus = used[0]) {
  const head = header({ vectors: 1, locations, focus });
  const on = new Set(used);
  return traceOf(head, rows(head, (name, step, index) => (name === "write.weighting" && on.has(index) ? 0.5 : 0)));
}

const locationsOf = ({ first, count }, n) => Array.from({ length: count }, (_, i) => (first + i) % n);

test("frames of any sizes make the same trace", () => {
  const head = header({ vectors: 40 });
  const all = machineRows(head, 1);
  const whole = traceOf(head, all);
  for (const sizes of [[1], [3], [16], [1, 16, 7]]) {
    const trace = traceOf(head, all, sizes);
    assert.equal(trace.arrived, head.steps);
    assert.deepEqual(trace.rows, whole.rows);
    assert.deepEqual(trace.own.peaks, whole.own.peaks);
    assert.deepEqual(trace.used, whole.used);
    for (const step of [-1, 0, 41, head.steps - 1]) assert.deepEqual(trace.memoryAt(step), whole.memoryAt(step));
  }
});

test("a field is found at its place in the row", () => {
  const head = header();
  const number = { inputs: 0, targets: 1, outputs: 2, "write.weighting": 3, "read.read_vector": 4 };
  const trace = traceOf(head, rows(head, (name, step, index) => 1000 * (number[name] ?? 9) + 10 * step + index));
  for (const field of head.fields) {
    const [name, length] = [field.name, lengthOf(field)];
    const values = trace.at(name, 5);
    assert.deepEqual([...values], Array.from({ length }, (_, index) => 1000 * (number[name] ?? 9) + 50 + index));
    const { data, offset, stride } = trace.field(name);
    assert.equal(data[offset + 5 * stride + length - 1], values[length - 1]);
  }
  assert.throws(() => trace.at("read.erase_vector", 0), /no field “read.erase_vector”/);
});

test("a frame that is not the next one is refused, and leaves the trace as it is", () => {
  const head = header({ vectors: 10 });
  const [first, second, third] = frames(head, machineRows(head, 2), [4]);
  const trace = new Trace(head);
  trace.append(first);
  assert.throws(() => trace.append(third), /Expected the frame of step 4 of 22, got step 8/);
  assert.throws(() => trace.append(first), /got step 0/);
  assert.throws(() => trace.append({ ...second, total: 30 }), RangeError);
  assert.equal(trace.arrived, 4);
  trace.append(second);
  assert.equal(trace.arrived, 8);
});

test("the memory of every step is that of a plain loop", () => {
  const head = header({ vectors: 60, locations: 12, width: 5 });
  const trace = traceOf(head, machineRows(head, 3), [16]);
  memories(trace).forEach((expected, step) => assertClose(trace.memoryAt(step), expected, `step ${step}`));
});

test("seeking in any order finds the same memories", () => {
  const head = header({ vectors: 60, locations: 12, width: 5 });
  const trace = traceOf(head, machineRows(head, 4), [7]);
  assert.ok(trace.memory.every * 5 < head.steps, "the seeks go across kept memories");
  const expected = memories(trace);
  const next = randomNumbers(5);
  for (let turn = 0; turn < 400; turn++) {
    const step = Math.floor(next() * head.steps);
    assertClose(trace.memoryAt(step), expected[step], `step ${step}`);
  }
  for (const kept of [1, 2, 3]) {
    for (const step of [kept * trace.memory.every - 1, kept * trace.memory.every, kept * trace.memory.every - 2]) {
      assertClose(trace.memoryAt(step), expected[step], `step ${step}`);
    }
  }
});

test("a memory that was looked at before more arrived is still right afterwards", () => {
  const head = header({ vectors: 30 });
  const all = machineRows(head, 6);
  const expected = memories(traceOf(head, all));
  const trace = new Trace(head);
  for (const frame of frames(head, all, [5])) {
    trace.append(frame);
    assertClose(trace.memoryAt(trace.arrived - 1), expected[trace.arrived - 1], `newest, step ${trace.arrived - 1}`);
    const middle = trace.arrived >> 1;
    assertClose(trace.memoryAt(middle), expected[middle], `step ${middle}`);
  }
});

test("before the first step the memory is the initial one", () => {
  const head = header({ initialMemory: 0.125 });
  const trace = traceOf(head, machineRows(head, 7));
  trace.memoryAt(4);
  assert.ok(trace.memoryAt(-1).every((value) => value === 0.125));
});

test("the memories that are kept stay within 32 MB however large the run is", () => {
  for (const [vectors, locations] of [[1000, 4096], [1000, 128], [20, 4096]]) {
    const trace = new Trace(header({ vectors, locations, width: 20 }));
    assert.ok(Math.floor(trace.steps / trace.memory.every) * locations * 20 * 4 <= 32e6);
  }
});

test("peaks are the largest values so far", () => {
  const head = header({ vectors: 20 });
  const all = machineRows(head, 8);
  const trace = new Trace(head);
  for (const frame of frames(head, all, [6])) {
    trace.append(frame);
    for (const name of ["write.add_vector", "read.read_vector"]) {
      const values = Array.from({ length: trace.arrived }, (_, step) => [...trace.at(name, step)]).flat();
      assert.equal(trace.own.peaks.most(trace.column(name).role), Math.max(...values));
    }
    const cells = memories(trace).slice(0, trace.arrived).flat();
    assert.ok(Math.abs(trace.own.peaks.most("memory") - Math.max(...cells)) < 2e-6);
  }
});

test("a memory that begins fuller than it ever gets sets the scale too", () => {
  const head = header({ initialMemory: 5 });
  assert.equal(new Trace(head).own.peaks.most("memory"), 5);
});

for (const [what, used, n, expected] of [
  ["in the middle", [5, 6, 7, 8], 20, [4, 5, 6, 7, 8, 9]],
  ["around the end", [18, 19, 0, 1], 20, [17, 18, 19, 0, 1, 2]],
  ["at the last location", [19], 20, [18, 19, 0]],
  ["with a hole", [5, 9], 20, [4, 5, 6, 7, 8, 9, 10]],
]) {
  test(`rows in use ${what} are shown with one more on each side`, () => {
    assert.deepEqual(locationsOf(traceUsing(used, n).rowsInUse(), n), expected);
  });
}

test("when nearly all locations are in use all are shown, from the first on", () => {
  for (const left of [[], [3], [3, 4]]) {
    const used = Array.from({ length: 20 }, (_, i) => i).filter((i) => !left.includes(i));
    assert.deepEqual(traceUsing(used, 20).rowsInUse(), { first: 0, count: 20 });
  }
});

test("no location in use is ever left out, none is shown twice, and the longest gap is", () => {
  const next = randomNumbers(9);
  for (let turn = 0; turn < 300; turn++) {
    const n = 3 + Math.floor(next() * 30);
    const used = Array.from({ length: n }, (_, i) => i).filter(() => next() < 0.3);
    if (used.length === 0) continue;
    const shown = locationsOf(traceUsing(used, n).rowsInUse(), n);
    assert.equal(new Set(shown).size, shown.length, `N = ${n}, used ${used}: ${shown}`);
    assert.ok(used.every((i) => shown.includes(i)), `N = ${n}, used ${used}: ${shown}`);
    const gaps = used.map((from, k) => (k + 1 < used.length ? used[k + 1] : used[0] + n) - from - 1);
    const longest = Math.max(...gaps);
    assert.equal(shown.length, longest < 3 ? n : n - longest + 2, `N = ${n}, used ${used}`);
  }
});

test("where the heads begin is in use before anything has arrived", () => {
  const trace = new Trace(header({ locations: 20, focus: 10 }));
  assert.deepEqual(locationsOf(trace.rowsInUse(), 20), [9, 10, 11]);
});

test("every step is in its phase, at its place in it", () => {
  const trace = new Trace(header({ vectors: 3 }));
  const places = Array.from({ length: 8 }, (_, step) => trace.phaseAt(step)).map(({ name, index, length }) => `${name} ${index}/${length}`);
  assert.deepEqual(places, ["start 0/1", "input 0/3", "input 1/3", "input 2/3", "end 0/1", "recall 0/3", "recall 1/3", "recall 2/3"]);
});

/** Three heads that write in turn, the second looking at the memory as it was before the step, and one that reads between them. */
const SEVERAL = [["write1", "write"], ["write2", "write", { addresses: "previous" }], ["read", "read"], ["write3", "write"]];

test("several heads write in acting order", () => {
  const head = header({ vectors: 30, locations: 6, width: 3, heads: SEVERAL });
  const trace = traceOf(head, machineRows(head, 10), [7]);
  memories(trace).forEach((expected, step) => assertClose(trace.memoryAt(step), expected, `step ${step}`));
  const next = randomNumbers(11);
  const expected = memories(trace);
  for (let turn = 0; turn < 50; turn++) {
    const step = Math.floor(next() * head.steps);
    assertClose(trace.memoryAt(step), expected[step], `step ${step}`);
  }
});

test("a head sees the memory as the heads before it left it, or as it was before the step", () => {
  const head = header({ vectors: 30, locations: 6, width: 3, heads: SEVERAL });
  const trace = traceOf(head, machineRows(head, 12));
  const after = new Map(trace.heads.map(({ name, sees, after }) => [name, [sees, after]]));
  assert.deepEqual(Object.fromEntries(after), { write1: [0, 0], write2: [0, 1], read: [2, 2], write3: [2, 2] });
  const before = [...trace.memoryAt(40)];
  assert.deepEqual([...trace.memory.within(41, 0)], before);
  const [w, e, a] = ["weighting", "erase_vector", "add_vector"].map((stage) => trace.at(`write1.${stage}`, 41));
  assertClose(trace.memory.within(41, 1), before.map((cell, at) => cell * (1 - w[Math.floor(at / 3)] * e[at % 3]) + w[Math.floor(at / 3)] * a[at % 3]), "after the first write");
  assert.deepEqual([...trace.memory.within(41, 3)], [...trace.memoryAt(41)]);
});

test("scales are a field's own range, else from 0 to the largest, or as far below 0 as above it where anything is", () => {
  const head = header({ vectors: 5, ranges: { add_vector: [null, null], erase_vector: [0, 1] }, hidden: 2 });
  const trace = traceOf(head, rows(head, (name, step, index) => ({ "write.add_vector": index === 0 ? -0.9 : 0.4, "read.read_vector": 1.2 })[name] ?? 0));
  assert.deepEqual(trace.limitsOf("write.add_vector"), { low: -1, high: 1 });
  assert.deepEqual(trace.limitsOf("write.erase_vector"), { low: 0, high: 1 });
  assert.deepEqual(trace.limitsOf("read.read_vector"), { low: 0, high: 1.5 });
  assert.deepEqual(trace.limitsOf("controller.hidden"), { low: -1, high: 1 });
});

test("what float32 rounds to below 0 makes no scale signed", () => {
  const head = header({ vectors: 5 });
  const trace = traceOf(head, rows(head, (name, step, index) => (name === "read.read_vector" ? [1, -1e-6][index % 2] : 0)));
  assert.equal(trace.limitsOf("read.read_vector").low, 0);
});

test("a trace of 2,002 steps on 1,024 locations takes less than 150 MB, with all that is kept of it", () => {
  const description = header({ vectors: 1000, locations: 1024, width: 20, hidden: 100 });
  const stages = ["content_weighting", "gated_weighting", "shifted_weighting"];
  for (const { name } of description.heads) {
    description.fields.push(...stages.map((stage) => ({ name: `${name}.${stage}`, shape: [1024], axes: ["location"], role: "weighting", range: [0, 1], equation: "" })));
  }
  const trace = new Trace(description);
  const kept = Math.ceil(trace.steps / trace.memory.every) * trace.memory.start.byteLength;
  const own = trace.rows.byteLength + kept;
  assert.ok(bytesOf(description) >= own, "it is not said to be smaller than it is");
  // The shares of all reads on the page and the columns of their worker.
  const origins = 4 * trace.steps ** 2 + 4 * trace.steps * (2 * 1024 + 40);
  assert.ok(bytesOf(description) + origins < 150e6, `${(bytesOf(description) + origins) / 1e6} MB`);
});

test("a head that the machine lacks is named, with those that it has", () => {
  assert.throws(() => new Trace(header()).head("write2"), /This machine has no head “write2”; it has write, read\./);
});

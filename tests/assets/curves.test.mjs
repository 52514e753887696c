/** The curves of a training as figures: what is on which axis, and which checkpoints are labelled. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { figureOfFilm, figureOfTraining, labelled, limitsOf, logTicks, short, namesOf } from "../../frontend/tapedeck_page/assets/tape/curves.mjs";

const WIDTH = 1000;
const checkpoint = (seen, loss, errorRate) => ({ id: `copy-1-${seen}`, seen, loss, errorRate });
const SERIES = [checkpoint(0, null, 0.5), checkpoint(400, 0.3, 0.62), checkpoint(16000, 0.003, 0)];

test("checkpoints are evenly spaced, and the axis says so", () => {
  const { data, layout } = figureOfFilm(SERIES, [null, null, null], 0, WIDTH, []);
  for (const { x } of data) assert.deepEqual(x, ["0", "400", "16,000"]);
  assert.deepEqual([layout.xaxis.type, layout.xaxis.range], ["category", [0, 2]]);
  assert.match(layout.xaxis.title.text, /evenly spaced/);
  assert.deepEqual(layout.xaxis.tickvals, ["0", "400", "16,000"]);
});

test("both axes have titles, the loss's is logarithmic", () => {
  for (const { layout } of [figureOfFilm(SERIES, [null, null, null], 0, WIDTH, []), figureOfTraining("copy-2", [], 100)]) {
    for (const axis of ["xaxis", "yaxis", "yaxis2"]) assert.ok(layout[axis].title.text.length > 5, axis);
    assert.equal(layout.yaxis.type, "log");
  }
});

test("what is not known, and a loss of 0, leave gaps; a rate beyond a guess is at the edge", () => {
  const [loss, rate] = figureOfTraining("copy-2", [
    { sequences: 8, loss: 0, bit_error_rate: null },
    { sequences: 16, loss: 0.5, bit_error_rate: 0.7 },
  ], 100).data;
  assert.deepEqual([loss.y, rate.y, loss.x], [[null, 0.5], [null, 0.5], [8, 16]]);
});

test("a loss that hardly moves is no drama: it has a decade of room", () => {
  assert.deepEqual(limitsOf([{ loss: 0.5 }, { loss: 0.49 }]), [0.05, 0.5]);
  assert.equal(limitsOf([{ loss: null }]), null);
});

test("the checkpoint on the tape is marked, and each first exact one with whose it is, in fewer words where there is little room", () => {
  const exact = [{ of: "yours", seen: 16000, at: 2 }, { of: "validation", seen: 8200, at: 1.5 }];
  const figure = (width) => figureOfFilm(SERIES, [0.5, 0.2, 0], 1, width, exact).layout;
  assert.deepEqual(figure(WIDTH).shapes.map(({ name, x0 }) => `${name} ${x0}`), ["first exact, yours 2", "first exact, validation 1.5", "on the tape 400"]);
  assert.deepEqual(figure(WIDTH).annotations.map(({ text, x }) => [text, x]), [["first exact, yours: 16,000", 2], ["first exact, validation: 8,200", 1.5]]);
  assert.deepEqual(figure(300).annotations.map(({ text }) => text), ["✓ yours: 16,000", "✓ validation: 8,200"]);
});

test("every checkpoint of a short run has a label", () => {
  assert.deepEqual(labelled(0, 10), []);
  assert.deepEqual(labelled(1, 10), [0]);
  assert.deepEqual(labelled(4, 10), [0, 1, 2, 3]);
});

test("of a long run the first and the last have one, and no more than there is room for", () => {
  for (const room of [2, 3, 5, 10]) {
    for (let count = 2; count < 200; count++) {
      const found = labelled(count, room);
      assert.equal(found[0], 0);
      assert.equal(found.at(-1), count - 1);
      assert.ok(found.length <= room, `${found.length} labels for ${count} in ${room}`);
    }
  }
});

test("the loss has labels at powers of ten, or at 1, 2 and 5 of them, and never many", () => {
  assert.deepEqual(logTicks(-5, -0.5), [1e-5, 1e-4, 1e-3, 1e-2, 0.1]);
  assert.deepEqual(logTicks(-1.3, -0.3), [0.1, 0.2, 0.5]);
  for (let low = -12; low < 3; low += 0.25) {
    for (let span = 1; span < 15; span += 0.25) {
      const { length } = logTicks(low, low + span);
      assert.ok(length >= 1 && length <= 6, `${length} from ${low} over ${span}`);
    }
  }
});

for (const [loss, label] of [[0.5, "0.5"], [1, "1"], [0.001, "0.001"], [0.0001, "1e−4"]]) {
  test(`the loss ${loss} is labelled ${label}`, () => assert.equal(short(loss), label));
}

test("of predictions the curve is how far above the best possible they are", () => {
  assert.deepEqual(namesOf([{ foretold: true }]), { errors: "above best", own: "your stream" });
  assert.deepEqual(namesOf([{ foretold: false }, {}]), { errors: "bit error rate", own: "your wrong bits" });
});

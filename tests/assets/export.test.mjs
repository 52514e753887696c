/** Pictures to take away: what stands in them, and where. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { cells, hex, shadesOf } from "../../frontend/tapedeck_page/assets/tape/export/cells.mjs";
import { PICTURES, figure, figureGround, figureOverlay, picture } from "../../frontend/tapedeck_page/assets/tape/export/figure.mjs";
import { drawing, element, text } from "../../frontend/tapedeck_page/assets/tape/export/svg.mjs";
import { cividis } from "#viewer/model/scales.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { copyRun, frames } from "../viewer/recording.mjs";

const SHA = "eb2a886a8a7e8df6983087006b10ac6691a5992150415c91c09e45c8bee27374";
const BOX = { x: 10, y: 20, width: 40, height: 20 };

/** What the page shows of a copy whose second vector comes out wrong, and what it is exported from. */
function shot({ step = 4, name = "copy, seed 1" } = {}) {
  const { head, all } = copyRun(["10110011", "00101100"], ["10110011", "10101101"]);
  head.checkpoint = { id: "copy-1", name, sha256: SHA, sequences_seen: 40000 };
  const trace = new Trace(head);
  for (const frame of frames(head, all, [4])) trace.append(frame);
  trace.bitErrors = 2;
  trace.diagnosis = { sentence: "Two bits come out wrong." };
  const panel = (field, kind, scale, length) => ({
    spec: { name: field, kind, scale },
    rows: Array.from({ length }, (_, row) => row),
    bits: 8,
    limits: { low: 0, high: 1 },
  });
  const panels = [
    panel("inputs", "bits", "ink", 10),
    panel("outputs", "bits", "ink", 10),
    panel("targets", "bits", "ink", 8),
    panel("write.add_vector", "width", "peak", 4),
    panel("read.read_vector", "width", "peak", 4),
    panel("write.weighting", "locations", "unit", 8),
    panel("read.weighting", "locations", "unit", 8),
  ];
  const tape = { panels, origins: { shares: new Float32Array(trace.steps ** 2) } };
  return { tape, trace, step, rows: [2, 3, 4, 5] };
}

/** The words of a picture, in order. */
const words = (svg) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, said]) => said);

/** Whether every element that begins also ends, in turn. */
function assertWellFormed(svg) {
  const open = [];
  for (const [, close, name, rest] of svg.matchAll(/<(\/?)([a-zA-Z]+)([^>]*)>/g)) {
    if (close) assert.equal(open.pop(), name);
    else if (!rest.endsWith("/")) open.push(name);
  }
  assert.deepEqual(open, []);
  assert.ok(!/&(?!amp;|lt;|gt;|quot;)/.test(svg));
}

test("what is written into a picture cannot break out of it", () => {
  const svg = drawing(10, 10, text('</text><script>"&\u0000', 1, 2), element("g", { id: '"><b' }));
  assertWellFormed(svg);
  assert.ok(svg.includes("&lt;/text&gt;&lt;script&gt;&quot;&amp;\ufffd"));
  assert.ok(!svg.includes("<script"));
});

test("every cell has the colour of its value, and like ones side by side are one run", () => {
  const data = Float32Array.of(0, 1, 0, 1, 1, 0, 0, 0); // four columns of two rows
  const svg = cells({ source: { data, offset: 0, stride: 2 }, columns: 4, rows: [0, 1], shades: cividis, high: 1, gap: "#fff" }, BOX);
  const [, path] = /<path fill="#fee838" d="([^"]*)"/.exec(svg) ?? [];
  assert.equal(path, "M30 20h10v10H30zM10 30h20v10H10z");
  assert.match(svg, /<rect x="10" y="20" width="40" height="20" fill="#00224e"\/>/);
  assert.equal(hex(cividis[0]), "#00224e");
});

test("of cells that share a point the largest is shown, on both sides", () => {
  const data = new Float32Array(1000 * 50);
  data[437 * 50 + 17] = 1;
  const shown = shadesOf({ source: { data, offset: 0, stride: 50 }, columns: 1000, rows: [...Array(50).keys()], shades: cividis, high: 1 }, 40, 20);
  assert.deepEqual([shown.length, shown[0].length], [40, 20]);
  const lit = shown.flatMap((column, x) => column.flatMap((shade, y) => (shade === 255 ? [[x, y]] : [])));
  assert.deepEqual(lit, [[17, 7]]);
});

for (const [name, title] of PICTURES.slice(1)) {
  if (name === "origins") continue; // needs the service's output layer
  test(`the picture “${name}” is labelled in itself`, () => {
    const { svg, width, height } = picture(name, shot());
    assertWellFormed(svg);
    assert.match(svg, new RegExp(`^<svg [^>]*viewBox="0 0 ${width} ${height}"`));
    const said = words(svg);
    assert.ok(said.some((each) => each.startsWith(title)), said.join("; "));
    for (const label of [
      `SHA-256 ${SHA}`,
      "copy, seed 1 (copy-1) · 40,000 sequences seen · 8 locations · step 4 of 5 · recall 1 of 2",
      "Phases, in steps: start 0, input 1–2, end 3, recall 4–5",
      name === "memory" ? "column" : "time step",
    ]) {
      assert.ok(said.includes(label), label);
    }
  });
}

test("the whole figure holds every panel, the verdict, the hash and the step", () => {
  const { svg } = figure(shot());
  assertWellFormed(svg);
  const said = words(svg);
  for (const label of ["Input", "Output", "Target", "Add vectors", "Read vectors", "Write weighting", "Read weighting", "Memory, step 4"]) {
    assert.ok(said.includes(label), label);
  }
  assert.ok(said.includes("✕ 2 wrong bits, 13 %"));
  assert.ok(said.includes("Two bits come out wrong."));
  assert.ok(said.includes("step 4 of 5 · recall 1 of 2"));
  assert.ok(svg.includes(SHA));
});

test("only wrong bits are crossed out, each once", () => {
  const [, crossed] = /<path d="([^"]*)" stroke="#b01040"/.exec(figure(shot()).svg) ?? [];
  assert.equal(crossed.match(/M/g).length, 2 * 2);
});

test("a figure is its ground and what moves over it", () => {
  const whole = figure(shot()).svg;
  const inside = (svg) => svg.replace(/^<svg[^>]*>/, "").replace(/<\/svg>$/, "");
  assert.equal(inside(whole), inside(figureGround(shot()).svg) + inside(figureOverlay(shot()).svg));
  assert.equal(figureGround(shot({ step: 1 })).svg, figureGround(shot({ step: 5 })).svg);
  assert.notEqual(figureOverlay(shot({ step: 1 })).svg, figureOverlay(shot({ step: 5 })).svg);
});

test("the ground is white, whatever the page's theme", () => {
  assert.match(figure(shot()).svg, /^<svg[^>]*><rect width="\d+" height="\d+" fill="#ffffff"\/>/);
});

test("before the first step there is no playhead", () => {
  const { svg } = picture("inputs", shot({ step: -1 }));
  assert.ok(words(svg).some((each) => each.endsWith("before the first of 6 steps")));
  assert.ok(!/width="1.5"/.test(svg));
});

test("a name with signs of markup stays words", () => {
  const { svg } = figure(shot({ name: "<b>&</b>" }));
  assertWellFormed(svg);
  assert.ok(words(svg).some((each) => each.startsWith("&lt;b&gt;&amp;&lt;/b&gt; (copy-1)")));
});

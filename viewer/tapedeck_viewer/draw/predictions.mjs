/**
 * What a machine predicts, as a chart in the place of its outputs: a bar for each step, as high as the probability of a 1, and a line
 * for the best possible.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../views/panel.mjs").Panel} Panel
 * @typedef {import("./theme.mjs").Theme} Theme
 */

import { optimumOf } from "../model/predictions.mjs";

/** Of the line, in pixels of the page. */
const LINE_PX = 1.5;
/** A wider step has room between its bar and the next. */
const GAP_FROM = 4;

/** As far as the trace has arrived. @param {Panel} panel @param {Trace} trace @param {Theme} theme */
export function drawPredictions(panel, trace, theme) {
  if (panel.marked === trace.arrived && panel.markedWhole === trace.over) return;
  panel.marked = trace.arrived;
  panel.markedWhole = trace.over;
  const { context, canvas } = panel.marks;
  const { width, height } = canvas;
  const each = width / trace.steps;
  const style = getComputedStyle(panel.plot);
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, width, height);
  context.fillStyle = style.getPropertyValue("--read");
  const bar = each > GAP_FROM ? each - 1 : each;
  for (let step = 0; step < trace.arrived; step++) {
    const tall = trace.at("outputs", step)[0] * height;
    context.fillRect(step * each, height - tall, bar, tall);
  }
  context.fillStyle = style.getPropertyValue("--line-strong");
  context.fillRect(0, Math.round(height / 2), width, 1);
  const optimum = optimumOf(trace);
  if (!optimum) return;
  const thick = LINE_PX * (window.devicePixelRatio || 1);
  for (const [colour, lineWidth] of /** @type {[string, number][]} */ ([[theme.paper, 3 * thick], [style.getPropertyValue("--ink"), thick]])) {
    context.strokeStyle = colour;
    context.lineWidth = lineWidth;
    context.beginPath();
    for (let step = 0; step < trace.arrived; step++) {
      const y = Math.min(height - thick / 2, Math.max(thick / 2, (1 - trace.at(optimum, step)[0]) * height));
      context.lineTo(step * each, y);
      context.lineTo((step + 1) * each, y);
    }
    context.stroke();
  }
}

/**
 * Wrong bits, marked on the panel of the outputs with a ✕ each.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../views/panel.mjs").Panel} Panel
 * @typedef {import("./theme.mjs").Theme} Theme
 */

import { compare } from "../model/result.mjs";

/** From the middle of a ✕ to its ends, in pixels of the page and of the screen. */
const LONGEST_ARM = 4;
const SHORTEST_ARM = 1.5;

/** @param {Panel} panel @param {Trace} trace @param {Theme} theme */
export function markErrors(panel, trace, theme) {
  const { wrong } = compare(trace);
  if (panel.marked === wrong.length && panel.markedWhole === trace.over) {
    return;
  }
  // Marks that came one after another cover one another otherwise than those drawn at once, as they are when all is drawn anew.
  if (trace.over && panel.marked > 0) {
    panel.marks.clear();
    panel.marked = 0;
  }
  panel.markedWhole = trace.over;
  const { context, canvas } = panel.marks;
  const [width, height] = [canvas.width / trace.steps, canvas.height / panel.rows.length];
  const arm = Math.min(LONGEST_ARM * (window.devicePixelRatio || 1), Math.max(SHORTEST_ARM, 0.3 * Math.min(width, height)));
  const crosses = new Path2D();
  for (const { step, channel } of wrong.slice(panel.marked)) {
    const [x, y] = [(step + 0.5) * width, (panel.rows.indexOf(channel) + 0.5) * height];
    crosses.moveTo(x - arm, y - arm);
    crosses.lineTo(x + arm, y + arm);
    crosses.moveTo(x - arm, y + arm);
    crosses.lineTo(x + arm, y - arm);
  }
  for (const [colour, lineWidth] of /** @type {const} */ ([[theme.paper, arm], [theme.error, arm / 2]])) {
    context.strokeStyle = colour;
    context.lineWidth = Math.max(1, lineWidth);
    context.stroke(crosses);
  }
  panel.marked = wrong.length;
}

/**
 * Pointing at the tape. Hovering lights up, dragging scrubs, a click or a tap pins; and the same by keys: a plot that has
 * the focus takes ↑ ↓ for its rows at the cursor and Enter to pin, while ← → stay the player's.
 *
 * @typedef {import("./tape.mjs").Tape} Tape
 * @typedef {import("./panel.mjs").Panel} Panel
 */

import { format } from "../model/numbers.mjs";
import { isToCome } from "./panel.mjs";
import { listenToPresses } from "./presses.mjs";

/** @param {Tape} tape @param {Panel} panel */
export function listenToPanel(tape, panel) {
  const litAt = (/** @type {PointerEvent} */ event) => {
    const cell = panel.cellAt(event.clientX, event.clientY);
    if (!cell) return null;
    if (isToCome(panel, cell.step, tape.cursor.step)) return { step: cell.step, kind: null, row: null, panel: panel.spec.name };
    return { step: cell.step, kind: panel.spec.axis, row: cell.row, panel: panel.spec.name };
  };
  listenToPresses(panel.plot, {
    hover: (event) => {
      const lit = litAt(event);
      if (lit) tape.point(lit);
    },
    drag: (event) => goTo(tape, litAt(event)?.step),
    press: (event) => {
      goTo(tape, litAt(event)?.step);
      const lit = litAt(event);
      if (lit) tape.press(lit);
    },
    leave: () => tape.leave(),
  });
  listenToKeysOn(tape, panel);
}

/** Stops there, where there is such a step. @param {Tape} tape @param {number | null | undefined} step */
function goTo({ cursor }, step) {
  if (step === null || step === undefined) return;
  cursor.pause();
  cursor.seek(step);
}

/** @param {Tape} tape @param {Panel} panel */
function listenToKeysOn(tape, panel) {
  const { plot } = panel;
  plot.tabIndex = 0;
  plot.setAttribute("role", "group");
  const name = () => plot.setAttribute("aria-label", `${panel.title}, cell by cell: up and down choose a ${panel.kindOfRow} at the cursor, Enter pins it`);
  name();
  plot.addEventListener("focus", name); // it may be another head's by now
  /** The row that was chosen by keys, from the top. @type {number | null} */
  let index = null;
  const choose = () => {
    if (index === null || !panel.trace || tape.cursor.step < 0) return null;
    const lit = { step: tape.cursor.step, kind: panel.spec.axis, row: panel.rows[Math.min(index, panel.rows.length - 1)], panel: panel.spec.name };
    tape.point(lit);
    return lit;
  };
  plot.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = panel.rows.length - 1;
    if (event.key === "ArrowDown") index = index === null ? 0 : Math.min(index + 1, last);
    else if (event.key === "ArrowUp") index = index === null ? last : Math.max(index - 1, 0);
    else if (event.key !== "Enter" || index === null) return;
    event.preventDefault();
    if (event.key !== "Enter") tape.unpin();
    const lit = choose();
    if (lit && event.key === "Enter") tape.press(lit);
    tape.tell(tape.describeLit());
  });
  // While it has the focus only: a panel that another machine's has taken the place of is to be let go, with its trace.
  const follow = () => void choose();
  plot.addEventListener("focus", () => tape.cursor.addEventListener("change", follow));
  plot.addEventListener("blur", () => {
    tape.cursor.removeEventListener("change", follow);
    if (index === null) return;
    index = null;
    tape.leave();
  });
}

/** @param {Tape} tape */
export function listenToMemory(tape) {
  const { memory } = tape;
  const litAt = (/** @type {PointerEvent} */ event) => {
    const cell = memory.cellAt(event.clientX, event.clientY);
    return cell && { ...cell, lit: /** @type {const} */ ({ step: tape.cursor.step, kind: "location", row: cell.row, panel: "memory" }) };
  };
  listenToPresses(memory.plot, {
    hover: (event) => {
      const at = litAt(event);
      if (!at || tape.pinned) return;
      tape.point(at.lit);
      memory.readout.textContent = `location ${at.row}, column ${at.column}: ${format(memory.valueAt(at.row, at.column))}`;
    },
    press: (event) => {
      const at = litAt(event);
      if (at) tape.press(at.lit);
    },
    leave: () => tape.leave(),
  });
}

/** Over the bars the step that wrote, over the picture the read and its write: a press goes there. @param {Tape} tape */
export function listenToOrigins(tape) {
  const { origins } = tape;
  origins.plots.forEach((plot, index) => {
    listenToPresses(plot, {
      hover: (event) => {
        const at = origins.at(index, event);
        if (at) tape.point({ ...at, kind: null, panel: index === 1 ? "origins" : "writes" });
      },
      press: (event) => {
        const at = origins.at(index, event);
        if (!at) return;
        goTo(tape, at.step);
        if (index === 1) tape.press({ ...at, kind: null, panel: "origins" });
      },
      leave: () => tape.leave(),
    });
  });
}

/** The bars of an inspected head are locations at the cursor, its lines are steps: a press pins the one and goes to the other. @param {Tape} tape @param {import("./inspector.mjs").InspectedHead} head */
export function listenToHead(tape, head) {
  for (const { root } of head.stages) {
    const litAt = (/** @type {MouseEvent} */ event) =>
      /** @type {const} */ ({ step: tape.cursor.step, kind: "location", row: head.locationAt(event.clientX), panel: "inspector" });
    listenToPresses(root, {
      hover: (event) => tape.point(litAt(event)),
      press: (event) => tape.press(litAt(event)),
      leave: () => tape.leave(),
    });
  }
  for (const timeline of head.timelines) {
    const stepAt = (/** @type {PointerEvent} */ event) => timeline.stepAt(event.clientX);
    listenToPresses(timeline.line, {
      hover: (event) => {
        const step = stepAt(event);
        if (step !== null) tape.point({ step, kind: null, row: null, panel: "inspector" });
      },
      drag: (event) => goTo(tape, stepAt(event)),
      press: (event) => goTo(tape, stepAt(event)),
      leave: () => tape.leave(),
    });
  }
}

/**
 * The numbers of a panel as a table, on request: steps across, around the cursor, rows down as the panel shows them.
 *
 * @typedef {import("./tape.mjs").Tape} Tape
 */

import { element, find } from "./dom.mjs";
import { format } from "./tape.mjs";

/** A page can hold more, but nobody reads it, and no browser lays it out at once. The export has everything. */
const MOST_STEPS = 60;

/** @param {Tape} tape */
export function listenToTables(tape) {
  const dialog = /** @type {HTMLDialogElement} */ (find("#table"));
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    const action = button?.getAttribute("data-action");
    if (action === "close-table") dialog.close();
    const field = button?.closest("figure")?.getAttribute("data-field");
    if (action === "table" && field) open(dialog, tape, field);
  });
}

/** @param {HTMLDialogElement} dialog @param {Tape} tape @param {string} field */
function open(dialog, tape, field) {
  const { trace } = tape;
  const panel = tape.panels.find(({ spec }) => spec.name === field);
  if (!trace || !panel) return;
  const first = Math.max(0, Math.min(tape.cursor.step - MOST_STEPS / 2, trace.arrived - MOST_STEPS));
  const steps = Array.from({ length: Math.min(MOST_STEPS, trace.arrived) }, (_, index) => first + index);

  const table = element("table", "");
  const head = table.createTHead().insertRow();
  head.append(header("col", panel.kindOfRow), ...steps.map((step) => header("col", `step ${step}`)));
  const body = table.createTBody();
  for (const row of panel.rows) {
    const line = body.insertRow();
    line.append(header("row", String(row)), ...steps.map((step) => element("td", "", format(panel.valueAt(step, row)))));
  }
  find("#table-title", dialog).textContent = panel.title;
  find(".table-scroll", dialog).replaceChildren(table);
  find("[data-readout=table-note]", dialog).textContent =
    steps.length < trace.steps ? `Steps ${first} to ${first + steps.length - 1} of ${trace.steps}, around the cursor.` : "";
  dialog.showModal();
}

/** @param {"row" | "col"} scope @param {string} text */
function header(scope, text) {
  const cell = element("th", "", text);
  cell.scope = scope;
  return cell;
}

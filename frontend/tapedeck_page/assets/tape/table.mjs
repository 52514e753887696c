/**
 * The dialog that shows the numbers of a panel as a table.
 *
 * @typedef {import("#viewer/views/tape.mjs").Tape} Tape
 * @typedef {import("#viewer/model/tables.mjs").Table} Table
 */

import { element, find } from "#viewer/draw/dom.mjs";
import { format } from "#viewer/model/numbers.mjs";
import { fieldTable, tableOf } from "#viewer/model/tables.mjs";

/** @param {HTMLElement} root the dialog @param {{tape: Tape, guide: import("./guide.mjs").Guide, lab: import("./lab/lab.mjs").Lab}} parts that have panels @param {AbortSignal} signal */
export function listenToTables(root, { tape, guide, lab }, signal) {
  const dialog = /** @type {HTMLDialogElement} */ (root);
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    const action = button?.getAttribute("data-action");
    if (action === "close-table") dialog.close();
    if (action !== "table") return;
    const panel = button?.closest("[data-inspects], figure");
    if (!(panel instanceof HTMLElement)) return;
    const chapter = guide.chapterOf(panel);
    const table = panel.dataset.probe ? lab.probes.tableOf(panel) : chapter ? fieldTable(chapter, panel.dataset.field ?? "") : tableOf(tape, panel);
    if (table) open(dialog, table);
  }, { signal });
}

/** @param {HTMLDialogElement} dialog @param {Table} table */
function open(dialog, { title, corner, columns, rows, note }) {
  const table = element("table", "");
  table.createTHead().insertRow().append(header("col", corner), ...columns.map((column) => header("col", column)));
  const body = table.createTBody();
  for (const { name, values } of rows) {
    body.insertRow().append(header("row", name), ...values.map((value) => element("td", "", value === null ? "" : format(value))));
  }
  find("#table-title", dialog).textContent = title;
  find(".table-scroll", dialog).replaceChildren(table);
  find("[data-readout=table-note]", dialog).textContent = note;
  dialog.showModal();
}

/** @param {"row" | "col"} scope @param {string} text */
function header(scope, text) {
  const cell = element("th", "", text);
  cell.scope = scope;
  return cell;
}

/**
 * The trace file that is open: it is read here, in the browser, and the tape shows its run in the place of one that was composed,
 * until it is closed. A page that was opened at `?file=/files/…` begins with that file of its own server.
 *
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {{
 *   show: (trace: Trace, title: string) => void, close: () => void, refuse: (sentence: string) => void,
 * }} Told
 */

import { element, find } from "#viewer/draw/dom.mjs";
import { isTraceFile, openTraceFile } from "#viewer/tracefile/open.mjs";
import { WrongFile } from "#viewer/tracefile/wrong.mjs";
import { addressOf } from "./root.mjs";
import { grouped } from "./sequences/problem.mjs";

/** The only paths that an address can name a file by. */
const SERVED = "/files/";

/** The path of a file that an address names; null where it is none that this server offers. @param {string} named @param {string} page its address */
export function servedPath(named, page) {
  if (!URL.canParse(named, page)) return null;
  const { origin, pathname } = new URL(named, page);
  return origin === new URL(page).origin && pathname.startsWith(SERVED) ? pathname : null;
}

export class Opened {
  /** Whether a file is shown. */
  shown = false;
  /** Files that were to be opened so far: of two that are being read the later one is shown. */
  #turn = 0;

  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    this.root = root;
    this.told = told;
    this.title = find("[data-readout=opened-title]", root);
    this.run = find("[data-readout=opened-run]", root);
    this.input = element("input", "");
    Object.assign(this.input, { type: "file", accept: ".npz" });
    this.input.addEventListener("change", () => {
      const file = this.input.files?.[0];
      this.input.value = "";
      if (file) void this.open(file, file.name);
    });
  }

  /** Has the user choose one. */
  choose() {
    this.input.click();
  }

  /**
   * Opens a file that was dropped, if it is a trace file.
   *
   * @param {File} file
   * @returns {Promise<boolean>} whether all is said of it: it is one, be it a damaged one, or the composer has stepped aside
   */
  async take(file) {
    try {
      if (!(await isTraceFile(file))) {
        if (this.shown) this.told.refuse(`${file.name} is not a trace file; close the file that is open, and drop it again to run what is in it.`);
        return this.shown;
      }
    } catch (error) {
      if (!(error instanceof WrongFile)) throw error;
      this.told.refuse(`${file.name}: ${error.message}`);
      return true;
    }
    await this.open(file, file.name);
    return true;
  }

  /**
   * What is wrong with it is told, and what was shown before stays.
   *
   * @param {Blob} file @param {string} name
   * @returns {Promise<boolean>} whether it is shown
   */
  async open(file, name) {
    const turn = ++this.#turn;
    try {
      const { trace, title } = await openTraceFile(file);
      if (turn !== this.#turn) return this.shown;
      this.#show(trace, title, name);
      return true;
    } catch (error) {
      if (!(error instanceof WrongFile)) throw error;
      if (turn === this.#turn) this.told.refuse(`${name}: ${error.message}`);
      return this.shown;
    }
  }

  /** A file of the page's own server. @param {string} path as the address has it @returns {Promise<boolean>} whether it is shown */
  async fetch(path) {
    const served = servedPath(path, location.href);
    if (!served) {
      this.told.refuse(`The address names the file “${path}”; only files that this server offers, under ${SERVED}, are opened so.`);
      return false;
    }
    const answer = await fetch(addressOf(served.slice(1))).catch(() => null);
    if (!answer?.ok) {
      const why = answer ? `it answered ${answer.status}` : "it cannot be reached";
      this.told.refuse(`The server has no file ${served} (${why}); start “tapedeck view FILE” again.`);
      return false;
    }
    return this.open(await answer.blob(), nameIn(answer) || served);
  }

  /** The tape is of something else. */
  close() {
    this.#turn += 1;
    this.shown = false;
    this.root.hidden = true;
    document.body.removeAttribute("data-opened");
  }

  /** @param {Trace} trace @param {string} title @param {string} name */
  #show(trace, title, name) {
    this.shown = true;
    this.root.hidden = false;
    document.body.dataset.opened = "file";
    this.title.textContent = title || name;
    this.run.textContent = [...(title ? [name] : []), ...wordsOf(trace)].join(" · ");
    this.told.show(trace, title || name);
    this.title.focus({ preventScroll: true });
  }
}

/** What a run is, part by part: its machine, its task, its heads and its sizes, as far as the file says. @param {Trace} trace @returns {string[]} */
export function wordsOf({ header, writers, readers, steps, locations, width }) {
  const { checkpoint, task } = header;
  const heads = [counted(writers.length, "write head"), counted(readers.length, "read head")].filter((words) => !words.startsWith("0"));
  const memory = `${counted(locations, "location")}${width ? ` of ${width}` : ""}`;
  return [
    ...(checkpoint.name || checkpoint.id ? [checkpoint.name || checkpoint.id] : []),
    ...(task ? [task.replaceAll("_", " ")] : []),
    ...heads,
    counted(steps, "step"),
    memory,
  ];
}

/** @param {number} count @param {string} noun */
const counted = (count, noun) => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;

/** The name that a server gives a file; “” where it gives none. @param {Response} answer */
function nameIn({ headers }) {
  const said = headers.get("Content-Disposition") ?? "";
  const coded = /filename\*=utf-8''([^;]+)/i.exec(said)?.[1];
  return coded ? decodeURIComponent(coded) : (/filename="([^"]*)"/.exec(said)?.[1] ?? "");
}

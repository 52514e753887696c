/**
 * The menu “Export”, and the button that copies the link. One thing is made at a time; long work tells how far it is and
 * can be cancelled, and continues while the menu is closed.
 *
 * @typedef {import("../deck.mjs").Deck} Deck
 * @typedef {import("./service.mjs").Form} Form
 * @typedef {{done: number, of: number | null, words: string}} Progress `of` is null where the end is not known
 */

import { STEPS_PER_SECOND } from "#viewer/model/cursor.mjs";
import { find, say } from "#viewer/draw/dom.mjs";
import { busySentence } from "../patience.mjs";
import { addressOf } from "../root.mjs";
import { FIGURE, picturesOf, queryOf } from "./pictures.mjs";
import { missingForFilm, record } from "./recording.mjs";
import { save } from "./saving.mjs";
import { ask } from "./service.mjs";

const WORD_MS = 2500;

export class TakeAway {
  /** @param {Deck} deck @param {HTMLElement} menu @param {HTMLElement} bar with the buttons that open it and copy the link */
  constructor(deck, menu, bar) {
    this.deck = deck;
    this.menu = menu;
    this.word = find(".away-word", bar);
    this.opener = find("[data-action=take-away]", bar);
    this.which = /** @type {HTMLSelectElement} */ (find("[data-away=picture]", menu));
    this.link = find("[data-away=link]", menu);
    this.work = find(".away-work", menu);
    this.bar = /** @type {HTMLProgressElement} */ (find("progress", menu));
    this.words = find("[data-readout=away-progress]", menu);
    this.said = find("[data-readout=away-said]", menu);
    /** Cancels what is being made. @type {AbortController | null} */
    this.running = null;
    /** The run whose pictures can be chosen. @type {Deck["trace"]} */
    this.offered = null;
    /** The pictures that can be chosen. */
    this.names = "";
    menu.setAttribute("popover", "auto");
    const missing = missingForFilm();
    find("[data-readout=away-film]", menu).textContent = missing ?? "";
    find("[data-take=webm]", menu).hidden = missing !== null;
    // The browser's own: a second press on it closes the menu, and does not count as a press beside it.
    /** @type {HTMLButtonElement} */ (this.opener).popoverTargetElement = menu;
    // What was last said is of the time before. By the time of the toggle event more may have been said.
    menu.addEventListener("beforetoggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === "open" && !this.running) this.said.textContent = "";
    });
    menu.addEventListener("toggle", (event) => this.#toggled(/** @type {ToggleEvent} */ (event).newState === "open"));
    // The menu may be opened before the first run begins, and another may begin while it is open.
    deck.cursor.addEventListener("change", () => menu.matches(":popover-open") && this.#offer());
    for (const root of [menu, bar]) root.addEventListener("click", (event) => this.#clicked(event));
  }

  /** Copies the link of what is shown; where that is refused, shows it to be copied by hand. */
  async copy() {
    const url = await this.deck.address.url();
    this.link.textContent = url; // it may have moved on since the menu was opened
    try {
      await navigator.clipboard.writeText(url);
      this.#say("Link copied");
    } catch (error) {
      // There is no clipboard outside of a secure page, or it is not allowed.
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
      this.menu.showPopover();
      this.link.focus();
      getSelection()?.selectAllChildren(this.link);
      this.said.textContent = "Your browser does not let this page copy. The link is selected: press Ctrl + C, or ⌘ C on a Mac.";
    }
  }

  /** @param {string} form what is to be made */
  async take(form) {
    const { trace } = this.deck;
    if (!trace || this.running) return;
    if (trace.arrived < trace.steps) {
      this.said.textContent = "The run is still going; export it when it has finished.";
      return;
    }
    const running = (this.running = new AbortController());
    this.#busy(true);
    try {
      const { name, blob } = await this.#make(form, running.signal);
      save(blob, name);
      const changed = this.deck.composer.changed ? " It shows the last run: the input has changed since." : "";
      this.said.textContent = `Saved ${name}, ${size(blob.size)}.${changed}`;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.said.textContent = running.signal.aborted ? "Cancelled; nothing was saved." : error.message;
    } finally {
      this.running = null;
      this.#busy(false);
    }
  }

  /** @param {string} form @param {AbortSignal} signal @returns {Promise<{name: string, blob: Blob}>} */
  async #make(form, signal) {
    const trace = /** @type {NonNullable<Deck["trace"]>} */ (this.deck.trace);
    const { cursor, tape } = this.deck;
    const name = this.#name(trace);
    if (form === "svg" || form === "png") {
      const shot = { picture: this.which.value, step: cursor.step, rows: tape.memory.rows };
      const blob = await this.#asked(form, signal, queryOf(shot));
      const parts = [name, shot.picture !== FIGURE && shot.picture.replace(/\W/g, "-"), !cursor.atEnd && `step-${shot.step}`];
      return { blob, name: `${parts.filter(Boolean).join("-")}.${form}` };
    }
    if (form === "webm") {
      const animation = await this.#asked("gif", signal);
      const told = (/** @type {number} */ done, /** @type {number} */ of) => this.#tell({ done, of, words: `frame ${done} of ${of}` });
      const blob = await record(animation, trace.steps / (STEPS_PER_SECOND * cursor.speed), told, signal);
      return { blob, name: `${name}.${blob.type === "video/mp4" ? "mp4" : "webm"}` };
    }
    return { blob: await this.#asked(/** @type {Form} */ (form), signal), name: `${name}.${form}` };
  }

  /** Machine and input: the same run has the same name, whatever is made of it. @param {NonNullable<Deck["trace"]>} trace */
  #name(trace) {
    const { request } = this.deck.address;
    const { id } = trace.header.checkpoint;
    return request ? this.deck.composer.slugOf({ ...request, checkpoint: id }) : id;
  }

  /** What the service makes of the run that is shown. @param {Form} form @param {AbortSignal} signal @param {string} query @returns {Promise<Blob>} */
  #asked(form, signal, query = "") {
    const { request } = this.deck.address;
    const checkpoint = this.deck.trace?.header.checkpoint;
    if (!request || !checkpoint) throw new Error("There is no run to export yet.");
    const told = {
      arrived: (/** @type {number} */ done) => this.#tell({ done, of: null, words: size(done) }),
      busy: (/** @type {number} */ seconds) => this.#tell({ done: 0, of: null, words: busySentence("The export", seconds) }),
    };
    const sha256 = String(checkpoint.sha256 ?? "") || undefined; // what is taken away is of the machine that is shown
    return ask({ ...request, checkpoint: checkpoint.id, sha256 }, form, told, signal, addressOf(`api/trace${query}`));
  }

  /** The pictures of the run that is shown; what is chosen stays chosen where the run has it. */
  #offer() {
    const { trace } = this.deck;
    if (!trace || this.offered === trace) return;
    this.offered = trace;
    const pictures = picturesOf(trace.header);
    const names = JSON.stringify(pictures);
    if (names === this.names) return; // a list that is open stays as it is
    this.names = names;
    const chosen = this.which.value;
    const groups = pictures.map(({ label, options }) => {
      const group = document.createElement("optgroup");
      group.label = label;
      group.append(...options.map(({ name, title }) => new Option(title, name)));
      return group;
    });
    this.which.replaceChildren(...groups);
    if ([...this.which.options].some(({ value }) => value === chosen)) this.which.value = chosen;
  }

  /** @param {Progress} progress */
  #tell({ done, of, words }) {
    if (of === null) {
      this.bar.removeAttribute("value");
    } else {
      this.bar.max = of;
      this.bar.value = done;
    }
    this.words.textContent = words;
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.menu.setAttribute("aria-busy", String(busy));
    this.opener.setAttribute("aria-busy", String(busy));
    this.work.hidden = !busy;
    for (const button of this.menu.querySelectorAll("[data-take]")) /** @type {HTMLButtonElement} */ (button).disabled = busy;
    if (!busy) return;
    this.said.textContent = "";
    this.bar.removeAttribute("value");
    this.words.textContent = "";
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const form = button?.dataset.take;
    if (form) return void this.take(form);
    switch (button?.dataset.action) {
      case "copy-link":
        return void this.copy();
      case "close-away":
        return this.menu.hidePopover();
      case "cancel-away":
        return this.running?.abort();
    }
  }

  /** @param {boolean} open */
  async #toggled(open) {
    this.opener.setAttribute("aria-expanded", String(open));
    if (!open) return;
    this.#offer();
    if (!this.menu.contains(document.activeElement)) this.which.focus();
    const url = await this.deck.address.url();
    say(this.link, url); // what is selected stays so
  }

  /** A word beside the button that was pressed, for a moment. @param {string} words */
  #say(words) {
    this.word.textContent = words;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (this.word.textContent = ""), WORD_MS);
    if (this.menu.matches(":popover-open")) this.said.textContent = `${words}.`;
  }
}

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

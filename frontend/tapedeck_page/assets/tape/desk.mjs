/** The composer on the page: the fields of every way in, made for the task of the chosen machine, and what is said beside them. */

import { element, say } from "#viewer/draw/dom.mjs";
import { TableOfHabits } from "./habits.mjs";
import { Drawing, HEADED_BOX_PX } from "./drawing.mjs";
import { Sliders } from "./sliders.mjs";
import { asHex, exampleRows } from "./sequences/typed.mjs";
import { nounOf, titleOf } from "./task.mjs";

/** @typedef {import("./composer.mjs").Composer} Composer */
/** @typedef {import("./task.mjs").Task} Task */

const WAYS = /** @type {const} */ (["bits", "text", "hex", "draw", "random", "file"]);
const FIELDS = /** @type {const} */ (["bits", "text", "hex"]);
/** Those of a stream of bits. */
const STREAM_WAYS = ["bits", "random", "file"];
/** By the bits of a vector. Each fits in one line of a narrow field, which would grow with it. */
const PLACEHOLDERS = {
  bits: (/** @type {number} */ bits) => `0s and 1s, such as ${exampleRows(bits).join(" ")}`,
  text: () => "Any text; each byte is one vector",
  hex: (/** @type {number} */ bits) => `Hexadecimal digits, such as ${asHex(exampleRows(bits))}`,
};
/** @type {["length" | "density" | "seed", string][]} */
const RANDOM = [["length", "Length"], ["density", "Share of ones"], ["seed", "Seed"]];
/** @type {[string, string][]} */
const STROKES = [["add", "Add vector"], ["remove", "Remove last"], ["invert", "Invert"], ["clear", "Clear"]];

/** So long nothing must be typed before a screen reader is told what is wrong: half of what one types is no vector yet. */
const TELL_MS = 700;

export class Desk {
  /** @type {Record<string, HTMLElement>} */
  parts = {};
  /** @type {Record<string, HTMLTextAreaElement>} */
  fields = {};
  /** @type {Record<string, HTMLInputElement>} */
  numbers = {};
  /** For which task the parts are made. @type {Task | null | undefined} */
  made = undefined;

  /** @param {HTMLElement} root @param {Composer} composer */
  constructor(root, composer) {
    this.root = root;
    this.composer = composer;
    this.ways = this.#ways();
    this.counts = element("div", "counts");
    this.summary = element("span", "");
    this.summary.id = "composer-summary";
    this.flag = element("span", "");
    this.flag.id = "composer-flag";
    this.message = element("p", "field-message");
    this.message.id = "composer-message";
    this.told = said("composer-told", "heard-only", "alert");
    /** Until what is wrong is told. @type {ReturnType<typeof setTimeout> | undefined} */
    this.telling = undefined;
    this.fileRead = said("composer-file-read", "file-read", "status");
    for (const way of WAYS) {
      this.parts[way] = element("div", `way way-${way}`);
      this.parts[way].id = `way-in-${way}`;
    }
    FIELDS.forEach((way) => this.#field(way));
    this.sliders = new Sliders((at, typed) => composer.move(at, typed));
    this.drawing = this.#drawing();
    this.#random();
    this.table = new TableOfHabits((table) => composer.ask({ table }));
    this.parts.random.append(this.table.root);
    this.#file();
    const line = element("p", "field-summary");
    line.append(this.summary, this.flag);
    // What is wrong stands where, of what is right, its length does: nothing moves as one types from one to the other.
    const words = element("div", "composer-words");
    words.append(this.message, this.told, line);
    root.replaceChildren(this.ways, this.counts, words, ...WAYS.map((way) => this.parts[way]), this.fileRead);
  }

  /** Shows what is composed. */
  show() {
    const { composer } = this;
    const { task, message } = composer;
    if (this.made !== task) this.#make(task);
    for (const input of this.ways.querySelectorAll("input")) input.checked = input.value === composer.way;
    const boxed = hasBoxes(task);
    for (const way of WAYS) this.parts[way].hidden = way !== composer.way && !(way === "draw" && boxed);
    this.parts.draw.classList.toggle("only-boxes", boxed && composer.way !== "draw");
    for (const way of FIELDS) {
      this.fields[way].placeholder = composer.stream > 0 ? "0s and 1s, such as 0110110110" : PLACEHOLDERS[way](composer.bits);
      this.#showField(this.fields[way], composer.typed[way]);
    }
    for (const [name] of RANDOM) this.#showNumber(`random-${name}`, composer.random[name]);
    for (const { name } of task?.counts ?? []) this.#showNumber(`input-${name}`, composer.numbers[name] ?? "");
    this.table.show(composer.table, composer.random.table !== null);
    this.sliders.show(task?.beside ?? null, composer.beside, task ? nounOf(task) : "vector", HEADED_BOX_PX, composer.comesOut);
    const [place] = task?.places ?? [];
    this.drawing.show(composer.rows, composer.bits, {
      each: task?.rows.each ?? 0,
      noun: task ? nounOf(task) : "vector",
      place: place ? Number(composer.numbers[place.name]) : null,
      followed: place?.followed ?? 0,
      headed: Boolean(task?.beside),
    });
    const { summary, warning } = composer.summary;
    tell(this.message, message);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => tell(this.told, message), TELL_MS);
    tell(this.fileRead, composer.said);
    tell(this.summary, summary);
    tell(this.flag, warning);
  }

  /** The parts that depend on the task. @param {Task | null} task */
  #make(task) {
    this.made = task;
    const noun = task ? nounOf(task) : "vector";
    const boxed = hasBoxes(task);
    const title = (/** @type {string} */ way) => (way === "draw" && task && boxed ? titleOf(task.rows.name) : titleOf(way));
    for (const label of this.ways.querySelectorAll("label")) tell(label.querySelector("span"), title(label.dataset.way ?? ""));
    this.counts.replaceChildren(
      ...(task?.counts ?? []).map(({ name }) => this.#number(`input-${name}`, titleOf(name), (typed) => this.composer.number(name, typed))),
    );
    const isStream = Boolean(task?.rows.stream);
    for (const label of this.ways.querySelectorAll("label")) label.hidden = isStream && !STREAM_WAYS.includes(label.dataset.way ?? "");
    this.parts.random.classList.toggle("of-stream", isStream);
    tell(this.parts.draw.querySelector("[data-draw=add]"), `Add ${noun}`);
    tell(this.parts.random.querySelector("label[for=random-length]"), task && boxed ? titleOf(task.rows.name) : "Length");
  }

  #ways() {
    const group = element("div", "ways");
    group.id = "way-in";
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", "Way in");
    for (const way of WAYS) {
      const label = element("label", "");
      label.dataset.way = way;
      const input = Object.assign(element("input", ""), { type: "radio", name: "way-in", value: way });
      input.addEventListener("change", () => this.composer.choose(way));
      label.append(input, element("span", "", titleOf(way)));
      group.append(label);
    }
    return group;
  }

  /** @param {keyof typeof PLACEHOLDERS} way */
  #field(way) {
    const field = element("textarea", "typed");
    field.id = `composer-${way}`;
    Object.assign(field, { rows: 1, spellcheck: false, dir: "auto", autocomplete: "off" });
    field.setAttribute("aria-label", `Sequence as ${way}`);
    field.setAttribute("aria-describedby", this.message.id);
    field.addEventListener("input", () => this.composer.type(way, field.value));
    this.fields[way] = field;
    this.parts[way].append(field);
  }

  #drawing() {
    const root = element("div", "drawing");
    root.id = "composer-drawing";
    const buttons = element("div", "drawing-buttons");
    for (const [action, label] of STROKES) {
      const stroke = button(label);
      stroke.dataset.draw = action;
      buttons.append(stroke);
    }
    const status = element("span", "hint");
    status.setAttribute("role", "status");
    status.dataset.readout = "drawn";
    buttons.append(status);
    const cells = element("div", "drawing-cells");
    cells.append(this.sliders.root);
    root.append(cells, buttons);
    this.parts.draw.append(root);
    return new Drawing(root, {
      edited: (rows) => this.composer.draw(rows),
      chosen: (place) => this.composer.task?.places.forEach(({ name }) => this.composer.number(name, String(place))),
    });
  }

  #random() {
    for (const [name, label] of RANDOM) {
      this.parts.random.append(this.#number(`random-${name}`, label, (typed) => this.composer.ask({ [name]: typed })));
    }
    const draw = button("Draw at random", () => this.composer.drawAtRandom());
    draw.id = "composer-random";
    this.parts.random.append(draw);
  }

  #file() {
    const { endings = "" } = this.root.dataset;
    const named = endings.split(",").slice(0, 6).join(", ");
    const place = element("div", "file");
    const hint = `or drop one here, or paste it. ${named}, and others: one vector per line, row or list, as most programs write them; or text`;
    place.append(button("Choose a file"), element("span", "hint", hint));
    this.parts.file.append(place);
  }

  /** A field for a number, which takes any text: a sentence says what is wrong with it. @param {string} id @param {string} label @param {(typed: string) => void} typed */
  #number(id, label, typed) {
    const box = element("div", "number");
    const name = element("label", "", label);
    const field = element("input", "");
    name.htmlFor = field.id = id;
    Object.assign(field, { inputMode: id === "random-density" ? "decimal" : "numeric", autocomplete: "off", spellcheck: false });
    field.setAttribute("aria-describedby", this.message.id);
    field.addEventListener("input", () => typed(field.value));
    box.append(name, field);
    this.numbers[id] = field;
    return box;
  }

  /** @param {string} id @param {string} value */
  #showNumber(id, value) {
    const field = this.numbers[id];
    if (field.value !== value) field.value = value;
  }

  /** As high as what stands in it; the style says how high at most. @param {HTMLTextAreaElement} field @param {string} value */
  #showField(field, value) {
    // A text field knows one kind of line break.
    if (field.value !== value.replace(/\r\n?/g, "\n")) field.value = value;
    if (!field.checkVisibility()) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  }
}

/** Whether what is composed stands in boxes, whichever way it comes in. @param {Task | null} task */
const hasBoxes = (task) => Boolean(task && (task.rows.each > 0 || task.beside));

/** @param {string} label @param {() => void} press */
function button(label, press = () => {}) {
  const made = element("button", "quiet", label);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/** A place for a sentence. @param {string} id @param {string} className @param {string} role */
function said(id, className, role) {
  const place = element("p", className);
  place.id = id;
  place.setAttribute("role", role);
  return place;
}

/** @param {Element | null} place @param {string} words */
function tell(place, words) {
  if (place) say(place, words);
}

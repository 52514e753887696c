/**
 * Numbers as text: the verdict, the vector at the cursor against its target, and what each head that is looked at does at the
 * cursor.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/trace.mjs").Head} Head
 */

import { build, element, find } from "../draw/dom.mjs";
import { argmax, format, nameOfMove, signedMove } from "../model/numbers.mjs";
import { furtherFields, shadeAmong, titleOfHeadIn } from "../model/panels.mjs";
import { bitsAt, decode, heardAt, isJudged, isScored, verdict } from "../model/result.mjs";
import { foretells, optimumOf, placeOfBit, seenBefore } from "../model/predictions.mjs";
import { titleOf } from "../model/titles.mjs";
import { hundredths } from "../model/vectors.mjs";
import { wordOf } from "../model/words.mjs";
import { chip, term } from "./markup.mjs";

/** The longest text that is shown decoded. */
const MOST_TEXT = 160;

/** Of the control characters whose pictures begin at U+2400; the last two are of the blank, which has none, and of delete. */
const CONTROLS = (
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US SP DEL"
).split(" ");
const PICTURES = /([\u2400-\u2421])/;

export class Readouts {
  constructor() {
    const root = (this.root = resultMarkup());
    this.changed = find("[data-readout=changed]", root);
    this.verdict = find("[data-readout=verdict]", root);
    this.count = find("[data-readout=count]", root);
    this.diagnosis = find("[data-readout=diagnosis]", root);
    this.heard = find("[data-readout=heard]", root);
    this.said = find("[data-readout=said]", root);
    this.target = find("[data-readout=target]", root);
    this.output = find("[data-readout=output]", root);
    this.vector = find("[data-readout=vector]", root);
    this.place = find("[data-readout=place]", root);
    this.firstWrong = find("[data-action=first-wrong]", root);
    this.judged = "";
    /** What each head does, in boxes. */
    this.heads = build("div", { class: "heads" });
    /** @type {HeadNumbers[]} */
    this.numbers = [];
    /** @type {FurtherNumbers | null} */
    this.further = null;
  }

  /** These heads of a trace are looked at. @param {Trace} trace @param {Head[]} heads */
  look(trace, heads) {
    this.numbers = heads.map((head) => new HeadNumbers(trace, head));
    this.further = new FurtherNumbers(trace);
    this.heads.replaceChildren(...this.numbers.map(({ root }) => root), this.further.root);
  }

  /** What has come out by a step; the verdict stands at the end, or where the `whole` is to be shown. @param {Trace} trace @param {number} step */
  show(trace, step, whole = false) {
    this.#judge(trace, whole ? trace.steps - 1 : step);
    this.#showVector(trace, step);
    if (step < 0) return;
    this.numbers.forEach((numbers) => numbers.show(trace, step));
    this.further?.show(trace, step);
  }

  /** Whether the input has changed since: what is said here is of the run before. @param {boolean} changed */
  showChanged(changed) {
    this.changed.textContent = changed ? "Input changed. This is the last run; press Run." : "";
  }

  /** @param {Trace} trace @param {number} step */
  #judge(trace, step) {
    const key = `${trace.header.checkpoint.id} ${trace.arrived} ${trace.steps} ${trace.over} ${step}`;
    if (key === this.judged && this.judgedTrace === trace) return;
    this.judged = key;
    this.judgedTrace = trace;
    const { state, sentence, count } = verdict(trace, step);
    this.root.dataset.told = String(state !== "running");
    this.verdict.replaceChildren(...drawn(sentence));
    this.verdict.dataset.state = state;
    this.count.textContent = count;
    // Before the end it keeps its place, unseen, so that nothing moves when it comes.
    const wrong = verdict(trace).state === "wrong" ? trace.results?.diagnosis : null;
    const first = wrong?.first_wrong_step ?? null;
    this.diagnosis.textContent = wrong?.sentence ?? "";
    this.root.dataset.foretold = String(foretells(trace));
    this.firstWrong.hidden = first === null;
    this.firstWrong.textContent = `First wrong step: ${first}`;
    this.firstWrong.dataset.step = String(first);
    const { heard, said } = decode(trace, step);
    // Nobody says what should have come out, and where nothing is text, what went in and came out.
    this.root.toggleAttribute("data-unjudged", !isJudged(trace) && !trace.results?.diagnosis);
    this.root.toggleAttribute("data-wordless", !decode(trace).heard && !decode(trace).said);
    this.heard.replaceChildren(...drawn(shorten(heard)));
    this.said.replaceChildren(...drawn(shorten(said)));
  }

  /** @param {Trace} trace @param {number} step */
  #showVector(trace, step) {
    if (foretells(trace)) return this.#showPrediction(trace, step);
    const phase = step < 0 ? null : trace.phaseAt(step);
    const scored = phase !== null && isScored(trace, step);
    this.vector.textContent = scored && phase.name ? `Vector ${phase.index + 1} of ${phase.length}` : "Vector at the cursor";
    if (!scored) {
      const hearing = phase?.role === "input" || phase?.role === "query";
      this.target.textContent = hearing ? bitsAt(trace, "inputs", step) : "–";
      this.output.textContent = hearing ? "not yet" : "–";
      this.place.textContent = "–";
      return;
    }
    this.#showPlace(trace, step);
    const [target, output] = [bitsAt(trace, "targets", step), bitsAt(trace, "outputs", step)];
    this.target.textContent = target;
    this.output.replaceChildren(
      ...[...output].map((bit, index) => {
        if (bit === target[index]) return document.createTextNode(bit);
        const wrong = document.createElement("mark");
        wrong.textContent = bit;
        wrong.title = `wrong, expected ${target[index]}`;
        return wrong;
      }),
      document.createTextNode(output === target ? " ✓" : " ✕"),
    );
  }

  /** What is predicted, and what came. @param {Trace} trace @param {number} step */
  #showPrediction(trace, step) {
    const [scored, optimum] = [step >= 0 && isScored(trace, step), optimumOf(trace)];
    this.vector.textContent = step < 0 ? "Bit at the cursor" : `After ${placeOfBit(trace, step)}`;
    const probability = (/** @type {string} */ field) => hundredths(trace.at(field, step)[0]);
    const seen = step < 0 || !trace.header.estimator ? "" : ` (${seenBefore(trace, step)})`;
    this.output.textContent = step < 0 ? "–" : `${probability("outputs")} for a 1${optimum ? `, best ${probability(optimum)}${seen}` : ""}`;
    this.target.textContent = scored ? `${bitsAt(trace, "targets", step)} came next` : "–";
    this.place.textContent = "";
  }

  /** Where the read head is, against where the write head was when this vector was heard. @param {Trace} trace @param {number} step */
  #showPlace(trace, step) {
    const [writer, reader] = ["write", "read"].map((kind) => this.numbers.find(({ head }) => head.kind === kind)?.head);
    const heard = heardAt(trace, step);
    const read = reader ? argmax(trace.at(reader.weighting, step)) : null;
    this.place.title = `read at location ${read}`;
    this.place.textContent = read === null ? "–" : String(read);
    // With several heads, which of them wrote it is the machine's own affair.
    if (heard === null || !writer || read === null || trace.heads.length > 2) return;
    const written = argmax(trace.at(writer.weighting, heard));
    // Outputs that see more than what is read may be right all the same: an LSTM often writes a step late.
    const isWrong = read !== written && trace.header.output.terms.every(({ name }) => name === "reads");
    this.place.textContent = read === written ? `${read} ✓` : isWrong ? `${read} ≠ ${written} ✕` : String(read);
    this.place.title = `read at location ${read}, written at location ${written}`;
  }
}

/** What a head does at the cursor, number by number: of what it has. */
class HeadNumbers {
  /** @param {Trace} trace @param {Head} head */
  constructor(trace, head) {
    this.head = head;
    /** @type {{stage: string, at: number, digits: number, value: HTMLElement}[]} */
    this.scalars = [];
    this.location = build("dd", { "data-value": "location" }, "–");
    this.weight = build("dd", { "data-value": "weight" }, "–");
    const rows = [row("location", "location", this.location), row("weight there", "weighting", this.weight)];
    const scalar = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ stage, digits = 3, at = 0) => {
      if (!head.fields.has(stage)) return;
      const value = build("dd", { "data-value": name }, "–");
      this.scalars.push({ stage, at, digits, value });
      rows.push(row(label, stage.replaceAll("_", " "), value));
    };
    scalar("gate", "gate g", "interpolation_gate");
    scalar("strength", "strength β", "key_strength", 2);
    head.shifts.forEach((move, at) => scalar(nameOfMove(move), `shift ${signedMove(move)}`, "shift_weighting", 3, at));
    scalar("sharpening", "sharpening γ", "sharpening", 2);
    for (const { name, axes } of furtherFields(trace)) {
      const stage = name.slice(head.name.length + 1);
      if (axes.length === 0 && head.fields.has(stage)) scalar(stage, wordOf(stage), stage);
    }
    const title = build("h2", {}, ...chip(shadeAmong(trace, head)), term(titleOfHeadIn(trace, head), `${head.kind} head`));
    this.root = build("section", { class: `head ${head.kind}`, "data-head": head.name }, title, build("dl", {}, ...rows));
  }

  /** @param {Trace} trace @param {number} step */
  show(trace, step) {
    const { head, scalars, location, weight } = this;
    const weighting = trace.at(head.weighting, step);
    const peak = argmax(weighting);
    location.textContent = String(peak);
    weight.textContent = weighting[peak].toFixed(3);
    for (const { stage, at, digits, value } of scalars) {
      value.textContent = trace.at(/** @type {string} */ (head.fields.get(stage)), step)[at].toFixed(digits);
    }
  }
}

/** What a file says of each step beside its heads, number by number. */
class FurtherNumbers {
  /** @param {Trace} trace */
  constructor(trace) {
    const owned = trace.heads.flatMap(({ fields }) => [...fields.values()]);
    this.values = furtherFields(trace).flatMap(({ name, axes }) => (axes.length === 0 && !owned.includes(name) ? [{ name, value: build("dd", { "data-value": name }, "–") }] : []));
    const rows = this.values.map(({ name, value }) => row(titleOf(name, trace.heads), wordOf(name), value));
    this.root = build("section", { class: "head further" }, build("h2", {}, "At the cursor"), build("dl", {}, ...rows));
    this.root.hidden = rows.length === 0;
  }

  /** @param {Trace} trace @param {number} step */
  show(trace, step) {
    for (const { name, value } of this.values) value.textContent = format(trace.at(name, step)[0]);
  }
}

/** @param {string} label @param {string} word @param {HTMLElement} value */
const row = (label, word, value) => build("div", {}, build("dt", {}, term(label, word)), value);

function resultMarkup() {
  const readout = (/** @type {string} */ name, /** @type {Record<string, string>} */ more = {}) => build("span", { "data-readout": name, ...more });
  const first = build("button", { type: "button", class: "first-wrong", hidden: "", "data-action": "first-wrong" }, "First wrong step");
  const text = (/** @type {string} */ name) => build("dd", { dir: "auto" }, readout(name));
  const vector = ["target", "output", "place"].flatMap((name) => [build("dt", {}, name === "place" ? "location" : name), build("dd", {}, readout(name))]);
  return build(
    "div",
    { class: "result" },
    build("p", { class: "changed", role: "status" }, readout("changed")),
    build("p", { class: "verdict" }, readout("verdict")),
    build("p", { class: "count" }, readout("count")),
    build("p", { class: "diagnosis" }, readout("diagnosis"), first),
    build("dl", { class: "texts" }, build("dt", {}, "in"), text("heard"), build("dt", {}, "out"), text("said")),
    build("dl", { class: "vector" }, build("dt", { class: "vector-title" }, readout("vector")), ...vector),
  );
}

/** @param {string} text */
const shorten = (text) => (text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT)}…`);

/** A text whose pictures of control characters are drawn by the page, since few fonts have them; it is copied and read as it is. @param {string} text */
function drawn(text) {
  return text.split(PICTURES).map((part) => {
    if (!PICTURES.test(part)) return part;
    const picture = element("span", "control", part);
    picture.dataset.name = CONTROLS[part.charCodeAt(0) - 0x2400];
    return picture;
  });
}

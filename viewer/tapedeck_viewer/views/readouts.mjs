/**
 * Numbers as text: the verdict, the vector at the cursor against its target, and what each head does at the cursor.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 */

import { element, find } from "../draw/dom.mjs";
import { argmax } from "../model/numbers.mjs";
import { bitsAt, decode, verdict } from "../model/result.mjs";

/** The longest text that is shown decoded. */
const MOST_TEXT = 160;

/** Of the control characters whose pictures begin at U+2400; the last two are of the blank, which has none, and of delete. */
const CONTROLS = (
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US SP DEL"
).split(" ");
const PICTURES = /([\u2400-\u2421])/;

export class Readouts {
  /** @param {HTMLElement} root */
  constructor(root) {
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
    this.heads = /** @type {const} */ (["write", "read"]).map((name) => ({ name, root: find(`[data-head=${name}]`, root) }));
    this.judged = "";
  }

  /** @param {Trace} trace @param {number} step */
  show(trace, step) {
    this.#judge(trace);
    this.#showVector(trace, step);
    if (step >= 0) {
      this.heads.forEach(({ name, root }) => showHead(root, name, trace, step));
    }
  }

  /** Whether the input has changed since: what is said here is of the run before. @param {boolean} changed */
  showChanged(changed) {
    this.changed.textContent = changed ? "Input changed. This is the last run; press Run." : "";
  }

  /** @param {Trace} trace */
  #judge(trace) {
    const key = `${trace.header.checkpoint.id} ${trace.arrived} ${trace.steps} ${trace.bitErrors}`;
    if (key === this.judged && this.judgedTrace === trace) return;
    this.judged = key;
    this.judgedTrace = trace;
    const { state, sentence, count } = verdict(trace);
    this.verdict.textContent = sentence;
    this.verdict.dataset.state = state;
    this.count.textContent = count;
    const wrong = state === "wrong" ? trace.diagnosis : null;
    this.diagnosis.textContent = wrong?.sentence ?? "";
    this.firstWrong.hidden = !wrong || wrong.first_wrong_step === null;
    this.firstWrong.textContent = `First wrong step: ${wrong?.first_wrong_step}`;
    this.firstWrong.dataset.step = String(wrong?.first_wrong_step);
    const { heard, said } = decode(trace);
    this.heard.replaceChildren(...drawn(shorten(heard)));
    this.said.replaceChildren(...drawn(shorten(said)));
  }

  /** @param {Trace} trace @param {number} step */
  #showVector(trace, step) {
    const phase = step < 0 ? null : trace.phaseAt(step);
    const recalling = phase?.name === "recall";
    this.vector.textContent = recalling ? `Vector ${phase.index + 1} of ${phase.length}` : "Vector at the cursor";
    if (!phase || !recalling) {
      const hearing = phase?.name === "input";
      this.target.textContent = hearing ? bitsAt(trace, "inputs", step) : "–";
      this.output.textContent = hearing ? "not yet" : "–";
      this.place.textContent = "–";
      return;
    }
    this.#showPlace(trace, step, phase);
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

  /** Where the read head is, against where the write head was when this vector was the input. @param {Trace} trace @param {number} step @param {{index: number}} phase of the recall */
  #showPlace(trace, step, { index }) {
    const input = trace.phases.find(({ name }) => name === "input");
    const read = argmax(trace.at("read.weighting", step));
    const written = argmax(trace.at("write.weighting", (input?.start ?? 0) + index));
    this.place.textContent = read === written ? `${read} ✓` : `${read} ≠ ${written} ✕`;
    this.place.title = `read at location ${read}, written at location ${written}`;
  }
}

/** @param {HTMLElement} root @param {"write" | "read"} name @param {Trace} trace @param {number} step */
function showHead(root, name, trace, step) {
  const set = (/** @type {string} */ what, /** @type {string} */ text) => (find(`[data-value=${what}]`, root).textContent = text);
  const number = (/** @type {string} */ what) => trace.at(`${name}.${what}`, step)[0];
  const weighting = trace.at(`${name}.weighting`, step);
  const peak = argmax(weighting);
  const [forward, keep, back] = trace.at(`${name}.shift_weighting`, step);
  set("location", String(peak));
  set("weight", weighting[peak].toFixed(3));
  set("gate", number("interpolation_gate").toFixed(3));
  set("strength", number("key_strength").toFixed(2));
  set("sharpening", number("sharpening").toFixed(2));
  set("forward", forward.toFixed(3));
  set("keep", keep.toFixed(3));
  set("back", back.toFixed(3));
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

/**
 * Time from left to right, as wide as the plots that it stands under: a step's place here is its column's place there. It names the
 * phases, and what went wrong as far as the cursor has come.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {{left: number, width: number}} Column of plots, in pixels of the window
 */

import { build, element, fill, find } from "../draw/dom.mjs";
import { fitTexts, shortNames } from "./labels.mjs";
import { drawMarks, extendMark } from "./marks.mjs";

export class Strip {
  #steps = 1;
  #width = 1;
  /** For how wide a bar the phases were named. */
  #named = -1;

  /** @param {HTMLElement} root with its bar and its marks */
  constructor(root) {
    this.root = root;
    this.bar = find(".bar", root);
    this.fill = find(".bar-fill", root);
    this.thumb = find(".bar-thumb", root);
    this.loaded = find(".bar-loaded", root);
    this.phases = find(".bar-phases", root);
    this.marks = find(".bar-marks", root);
    /** Where two runs part. */
    this.parting = build("span", { class: "bar-parting", "aria-hidden": "true", hidden: "" }, "≠");
    root.append(this.parting);
  }

  /** Marks where two runs part. @param {number | null} step null for nowhere */
  part(step) {
    this.parting.hidden = step === null;
    this.parting.style.left = `${(100 * ((step ?? 0) + 0.5)) / this.#steps}%`;
  }

  /** Another of the same: for the eye and the pointer alone, since the first is heard. */
  double() {
    const root = build("div", { class: "time-strip", "aria-hidden": "true" });
    const bar = /** @type {HTMLElement} */ (this.bar.cloneNode(true));
    for (const { name } of [...bar.attributes]) if (name !== "class") bar.removeAttribute(name);
    root.append(bar, element("div", "bar-marks"));
    this.root.parentElement?.append(root);
    return new Strip(root);
  }

  /** In the place of a column of plots. @param {Column} column @param {number} from where what it stands in begins */
  align({ left, width }, from) {
    this.root.style.left = `${(left - from).toFixed(2)}px`;
    this.root.style.width = `${width.toFixed(2)}px`;
  }

  /** As wide as it is on the page now. @returns {boolean} whether that is another width than before */
  measure() {
    const before = this.#width;
    this.#width = this.bar.clientWidth || before;
    return this.#width !== before;
  }

  /** @param {Trace} trace */
  begin({ phases, steps }) {
    this.#steps = steps;
    const others = fill(this.phases, [phases, steps], () =>
      phases.map(({ name, role, start, stop }) => {
        const stretch = element("span", "bar-phase", name);
        stretch.dataset.phase = role;
        stretch.title = `${name}${role === "delimiter" ? " (delimiter)" : ""}: ${stop - start > 1 ? `steps ${start} to ${stop - 1}` : `step ${start}`}`;
        stretch.style.left = `${(100 * start) / steps}%`;
        stretch.style.width = `${(100 * (stop - start)) / steps}%`;
        return stretch;
      }),
    );
    if (others) this.#named = -1;
    this.#name(phases);
  }

  /** What went wrong where. @param {Trace} trace */
  mark(trace) {
    this.#name(trace.phases);
    const wrong = trace.results?.diagnosis?.marks ?? [];
    fill(this.marks, [wrong, this.#steps, this.#width], () => {
      const made = drawMarks(wrong, this.#steps, this.#width);
      if (this.root.ariaHidden) made.forEach((mark) => (mark.tabIndex = -1));
      return made;
    });
    const marks = /** @type {HTMLElement[]} */ ([...this.marks.children]);
    fitTexts(marks.map((mark) => ({ element: mark, texts: [`✕ ${mark.dataset.words}`, "✕"] })));
  }

  /** @param {number} step where the cursor is @param {number} arrived */
  show(step, arrived) {
    const middle = (step + 0.5) / this.#steps;
    this.thumb.style.transform = `translateX(${(middle * this.#width).toFixed(1)}px)`;
    this.fill.style.transform = `scaleX(${middle.toFixed(5)})`;
    this.loaded.style.transform = `scaleX(${(arrived / this.#steps).toFixed(5)})`;
    for (const mark of this.marks.children) extendMark(/** @type {HTMLElement} */ (mark), step, this.#width / this.#steps);
  }

  /** The step whose column is under a point of the page. @param {number} clientX */
  stepAt(clientX) {
    const { left, width } = this.bar.getBoundingClientRect();
    return Math.min(Math.max(Math.floor(((clientX - left) / width) * this.#steps), 0), this.#steps - 1);
  }

  /** The phases, for the room that there is now. @param {Trace["phases"]} phases */
  #name(phases) {
    const room = this.bar.clientWidth; // 0 where it is out of sight
    if (room === this.#named) return;
    this.#named = room;
    fitTexts([...this.phases.children].map((stretch, index) => ({ element: stretch, texts: shortNames(phases[index]) })));
  }
}

/** The table that a stream is drawn from: a slider for each context, as tall as a 1 is likely to come after it. */

import { build, element } from "#viewer/draw/dom.mjs";
import { contextBits } from "#viewer/model/predictions.mjs";

export class TableOfHabits {
  /** @type {HTMLInputElement[]} */
  #sliders = [];

  /** @param {(table: number[] | null) => void} set what the table is to be; null as the seed says */
  constructor(set) {
    this.bars = build("div", { class: "habits-bars", role: "group", "aria-label": "How likely a 1 is after each context" });
    this.words = element("span", "hint");
    this.again = element("button", "quiet", "As the seed says");
    this.again.type = "button";
    this.again.addEventListener("click", () => set(null));
    this.root = build("div", { class: "habits" }, this.bars, build("p", { class: "habits-words" }, this.words, this.again));
    this.bars.addEventListener("input", ({ target }) => {
      set(this.#sliders.map(({ value }) => Number(value)));
      if (target instanceof HTMLInputElement) this.#tell(target);
    });
    for (const event of ["pointerover", "focusin"]) {
      this.bars.addEventListener(event, ({ target }) => target instanceof HTMLInputElement && this.#tell(target));
    }
  }

  /** @param {number[]} table empty where there is none @param {boolean} isSet by hand */
  show(table, isSet) {
    this.root.hidden = table.length === 0;
    this.again.hidden = !isSet;
    if (this.#sliders.length !== table.length) {
      const order = Math.log2(table.length);
      this.#sliders = table.map((_, context) => slider(contextBits(context, order)));
      this.bars.replaceChildren(...this.#sliders);
      this.words.textContent = "Each bar: how likely a 1 is after that context. Drag to set.";
    }
    table.forEach((share, context) => {
      const bar = this.#sliders[context];
      if (Number(bar.value) === Number(share.toFixed(2))) return;
      bar.value = share.toFixed(2);
      bar.style.setProperty("--share", bar.value);
    });
  }

  /** @param {HTMLInputElement} bar */
  #tell(bar) {
    bar.style.setProperty("--share", bar.value);
    this.words.textContent = `After ${bar.dataset.context} a 1 comes with probability ${Number(bar.value).toFixed(2)}.`;
  }
}

/** @param {string} context */
function slider(context) {
  const made = /** @type {HTMLInputElement} */ (build("input", { type: "range", min: "0", max: "1", step: "0.01", value: "-1", class: "habit", "data-context": context, "aria-label": `After ${context}` }));
  made.style.setProperty("--share", made.value);
  return made;
}

/**
 * The vectors as a grid to click and drag on: one column a vector, one row a bit. By keyboard: arrows move, space flips. Vectors that
 * belong to items stand in boxes, and pressing the head of one chooses it.
 *
 * @typedef {{each: number, noun: string, place: number | null, followed: number, headed: boolean}} Boxes the vectors of an item, 0
 *   where there are none; what an item is called; which is chosen, null where none can be; how many must follow it; whether each
 *   vector stands under a box of its own that something else shows
 */

import { element, find } from "#viewer/draw/dom.mjs";

const CELL_PX = 18;
const LEAST_CELL_PX = 6;
/** Of a vector in a box: so that the word on its head has room. */
const BOXED_CELL_PX = 20;
const BOX_GAP_PX = 12;
/** Of a vector under a box of its own: that box, from one to the next, and what stands in it to the left of the bits. */
export const HEADED_BOX_PX = 40;
export const HEADED_PITCH_PX = 43;
export const BESIDE_BITS_PX = 24;

export class Drawing {
  /** @type {string[]} */
  rows = [];
  /** Of each vector; none before the first are shown. */
  bits = 0;
  /** @type {Boxes} */
  boxes = { each: 0, noun: "vector", place: null, followed: 0, headed: false };
  at = { vector: 0, bit: 0 };
  cell = CELL_PX;
  /** How tall a bit is. */
  tall = CELL_PX;

  /**
   * @param {HTMLElement} root with a .drawing-cells and [data-draw] buttons in it
   * @param {{edited: (rows: string[]) => void, chosen: (place: number) => void}} told `edited` is called after a stroke, not during it
   */
  constructor(root, told) {
    this.root = root;
    this.told = told;
    this.canvas = element("canvas", "");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", "Sequence grid. Arrow keys move, space flips a bit.");
    this.heads = element("div", "box-heads");
    this.heads.setAttribute("role", "radiogroup");
    find(".drawing-cells", root).append(this.heads, this.canvas);
    this.status = find("[data-readout=drawn]", root);
    this.#listen();
  }

  /** Shows vectors that were written in another way. @param {string[]} rows @param {number} bits that a vector has where there is none @param {Boxes} boxes */
  show(rows, bits, boxes) {
    this.rows = [...rows];
    this.bits = rows[0]?.length ?? bits;
    this.boxes = boxes;
    this.at.bit = Math.min(this.at.bit, this.bits - 1);
    this.at.vector = Math.min(this.at.vector, Math.max(0, rows.length - 1));
    this.#showHeads();
    this.draw();
  }

  draw() {
    if (!this.canvas.checkVisibility()) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const { each } = this.boxes;
    const height = parseFloat(getComputedStyle(this.root).getPropertyValue("--drawing")) - this.heads.offsetHeight;
    this.tall = Math.max(LEAST_CELL_PX, Math.min(CELL_PX, Math.floor(height / this.bits) || CELL_PX));
    const beside = height ? find(".drawing-buttons", this.root).offsetWidth + BOX_GAP_PX : 0;
    const room = this.root.clientWidth - beside || 600;
    const even = Math.max(LEAST_CELL_PX, Math.min(CELL_PX, Math.floor(room / Math.max(1, this.rows.length))));
    this.cell = this.boxes.headed ? HEADED_BOX_PX - BESIDE_BITS_PX : each > 0 ? BOXED_CELL_PX : even;
    const scale = window.devicePixelRatio || 1;
    const width = Math.max(this.cell, this.#left(this.rows.length - 1) + this.cell);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${this.bits * this.tall}px`;
    this.root.style.setProperty("--bits", this.canvas.style.height);
    this.canvas.width = width * scale;
    this.canvas.height = this.bits * this.tall * scale;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.scale(scale, scale);
    this.rows.forEach((row, vector) => {
      for (let bit = 0; bit < this.bits; bit++) {
        context.fillStyle = colour(row[bit] === "1" ? "--cell-ink" : "--cell-paper");
        context.fillRect(this.#left(vector), bit * this.tall, this.cell - 1, this.tall - 1);
      }
    });
    if (document.activeElement === this.canvas && this.rows.length > 0) {
      context.strokeStyle = colour("--focus");
      context.lineWidth = 2;
      context.strokeRect(this.#left(this.at.vector), this.at.bit * this.tall, this.cell - 1, this.tall - 1);
    }
  }

  /** Where a vector begins, in pixels. @param {number} vector */
  #left(vector) {
    const { each, headed } = this.boxes;
    if (headed) return vector * HEADED_PITCH_PX + BESIDE_BITS_PX;
    return vector * this.cell + (each > 0 ? Math.floor(vector / each) * BOX_GAP_PX : 0);
  }

  /** The vector at a place from the left; −1 between two boxes. @param {number} x */
  #vectorAt(x) {
    const { each, headed } = this.boxes;
    if (headed) {
      const within = x % HEADED_PITCH_PX;
      return within >= BESIDE_BITS_PX && within < HEADED_BOX_PX ? Math.floor(x / HEADED_PITCH_PX) : -1;
    }
    if (each === 0) return Math.floor(x / this.cell);
    const box = each * this.cell + BOX_GAP_PX;
    const within = Math.floor((x % box) / this.cell);
    return within < each ? Math.floor(x / box) * each + within : -1;
  }

  /** A button over each box: the one that is chosen, and the one after it, which is the answer. */
  #showHeads() {
    const { each, noun, place, followed } = this.boxes;
    const count = each > 0 ? Math.floor(this.rows.length / each) : 0;
    this.heads.hidden = count === 0;
    if (this.heads.children.length !== count) {
      this.heads.replaceChildren(...Array.from({ length: count }, () => element("button", "box-head")));
    }
    this.heads.setAttribute("aria-label", `The ${noun} that is asked with`);
    [...this.heads.children].forEach((child, index) => {
      const head = /** @type {HTMLButtonElement} */ (child);
      const chosen = index === place;
      const word = place === null ? "" : chosen ? "asked" : index > place && index <= place + followed ? "answer" : "";
      if (head.dataset.word !== word || !head.firstChild) {
        head.replaceChildren(element("span", "box-number", String(index + 1)), element("span", "box-word", word));
      }
      head.type = "button";
      head.dataset.word = word;
      head.disabled = place === null || index >= count - followed;
      head.setAttribute("role", "radio");
      head.setAttribute("aria-checked", String(chosen));
      head.setAttribute("aria-label", `${noun} ${index + 1}${word ? `, ${word === "asked" ? "asked with" : "the answer"}` : ""}`);
      head.tabIndex = chosen ? 0 : -1;
      head.style.width = `${each * BOXED_CELL_PX - 1}px`;
    });
  }

  #listen() {
    /** What a stroke paints; null between strokes. @type {"0" | "1" | null} */
    let paint = null;
    const at = (/** @type {PointerEvent} */ event) => {
      const box = this.canvas.getBoundingClientRect();
      return { vector: this.#vectorAt(event.clientX - box.left), bit: Math.floor((event.clientY - box.top) / this.tall) };
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      const { vector, bit } = at(event);
      if (!this.#has(vector, bit)) return;
      this.canvas.setPointerCapture(event.pointerId);
      paint = this.rows[vector][bit] === "1" ? "0" : "1";
      this.#set(vector, bit, paint);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      const { vector, bit } = at(event);
      if (paint !== null && this.#has(vector, bit)) this.#set(vector, bit, paint);
    });
    for (const over of /** @type {const} */ (["pointerup", "pointercancel"])) {
      this.canvas.addEventListener(over, () => {
        if (paint !== null) this.told.edited(this.rows);
        paint = null;
      });
    }
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    this.canvas.addEventListener("focus", () => this.draw());
    this.canvas.addEventListener("blur", () => this.draw());
    this.heads.addEventListener("click", (event) => this.#head(event.target instanceof Element ? event.target.closest("button") : null));
    this.heads.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (step === undefined || this.boxes.place === null) return;
      event.preventDefault();
      this.#head(this.heads.children[this.boxes.place + step]);
    });
    this.root.addEventListener("click", (event) => this.#button(event));
  }

  /** @param {Element | null | undefined} head */
  #head(head) {
    if (!(head instanceof HTMLButtonElement) || head.disabled) return;
    this.told.chosen([...this.heads.children].indexOf(head));
    head.focus();
  }

  /** @param {number} vector @param {number} bit */
  #has(vector, bit) {
    return vector >= 0 && vector < this.rows.length && bit >= 0 && bit < this.bits;
  }

  /** @param {number} vector @param {number} bit @param {"0" | "1"} value */
  #set(vector, bit, value) {
    const row = this.rows[vector];
    this.at = { vector, bit };
    this.rows[vector] = row.slice(0, bit) + value + row.slice(bit + 1);
    this.#say();
    this.draw();
  }

  /** Where the grid's own cursor is. */
  #say() {
    const { vector, bit } = this.at;
    const { each, noun } = this.boxes;
    const box = each > 0 ? `${noun} ${Math.floor(vector / each) + 1}, ` : "";
    this.status.textContent = `${box}vector ${(each > 0 ? vector % each : vector) + 1}, bit ${bit + 1}: ${this.rows[vector][bit]}`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[/** @type {keyof typeof moves} */ (event.key)];
    const { vector, bit } = this.at;
    if (move && this.#has(vector + move[0], bit + move[1])) {
      this.at = { vector: vector + move[0], bit: bit + move[1] };
      this.#say();
      this.draw();
    } else if (event.key === " " && this.#has(vector, bit)) {
      this.#set(vector, bit, this.rows[vector][bit] === "1" ? "0" : "1");
      this.told.edited(this.rows);
    } else if (!move) {
      return;
    }
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  #button(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-draw]") : null;
    const wanted = button?.getAttribute("data-draw");
    if (!wanted) return;
    const each = Math.max(1, this.boxes.each);
    if (wanted === "add") this.rows.push(...Array.from({ length: each }, () => "0".repeat(this.bits)));
    if (wanted === "remove") this.rows.splice(-each, each);
    if (wanted === "clear") this.rows = this.rows.map(() => "0".repeat(this.bits));
    if (wanted === "invert") this.rows = this.rows.map((row) => [...row].map((bit) => (bit === "1" ? "0" : "1")).join(""));
    this.draw();
    this.told.edited(this.rows);
  }
}

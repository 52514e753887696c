/**
 * The sequence as a grid to click and drag on: one column a vector, one row a bit. By keyboard: arrows move, space flips.
 *
 * @typedef {(rows: string[]) => void} Edited
 */

import { element, find } from "#viewer/draw/dom.mjs";

const CELL_PX = 18;
const LEAST_CELL_PX = 6;

export class Drawing {
  /**
   * @param {HTMLElement} root with a .drawing-cells and [data-draw] buttons in it
   * @param {Edited} edited called after a stroke, not during it
   */
  constructor(root, edited) {
    this.root = root;
    this.edited = edited;
    /** @type {string[]} */
    this.rows = [];
    /** Of each vector. */
    this.bits = 8;
    this.at = { vector: 0, bit: 0 };
    this.canvas = element("canvas", "");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", "Sequence grid. Arrow keys move, space flips a bit.");
    find(".drawing-cells", root).replaceChildren(this.canvas);
    this.status = find("[data-readout=drawn]", root);
    this.#listen();
  }

  /** Shows a sequence that was written in another way. @param {string[]} rows @param {number} bits that a vector has where there is none */
  show(rows, bits) {
    this.rows = [...rows];
    this.bits = rows[0]?.length ?? bits;
    this.at.bit = Math.min(this.at.bit, this.bits - 1);
    this.at.vector = Math.min(this.at.vector, Math.max(0, rows.length - 1));
    this.draw();
  }

  draw() {
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const room = this.root.clientWidth || 600;
    const cell = Math.max(LEAST_CELL_PX, Math.min(CELL_PX, Math.floor(room / Math.max(1, this.rows.length))));
    const scale = window.devicePixelRatio || 1;
    const width = Math.max(1, this.rows.length) * cell;
    this.cell = cell;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${this.bits * CELL_PX}px`;
    this.canvas.width = width * scale;
    this.canvas.height = this.bits * CELL_PX * scale;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.scale(scale, scale);
    context.fillStyle = colour("--cell-gap");
    context.fillRect(0, 0, width, this.bits * CELL_PX);
    this.rows.forEach((row, vector) => {
      for (let bit = 0; bit < this.bits; bit++) {
        context.fillStyle = colour(row[bit] === "1" ? "--cell-ink" : "--cell-paper");
        context.fillRect(vector * cell, bit * CELL_PX, cell - 1, CELL_PX - 1);
      }
    });
    if (document.activeElement === this.canvas && this.rows.length > 0) {
      context.strokeStyle = colour("--focus");
      context.lineWidth = 2;
      context.strokeRect(this.at.vector * cell, this.at.bit * CELL_PX, cell - 1, CELL_PX - 1);
    }
  }

  #listen() {
    /** What a stroke paints; null between strokes. @type {"0" | "1" | null} */
    let paint = null;
    const at = (/** @type {PointerEvent} */ event) => {
      const box = this.canvas.getBoundingClientRect();
      return {
        vector: Math.floor((event.clientX - box.left) / (this.cell ?? CELL_PX)),
        bit: Math.floor((event.clientY - box.top) / CELL_PX),
      };
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
        if (paint !== null) this.edited(this.rows);
        paint = null;
      });
    }
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    this.canvas.addEventListener("focus", () => this.draw());
    this.canvas.addEventListener("blur", () => this.draw());
    this.root.addEventListener("click", (event) => this.#button(event));
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
    this.status.textContent = `vector ${vector + 1}, bit ${bit + 1}: ${value}`;
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[/** @type {keyof typeof moves} */ (event.key)];
    const { vector, bit } = this.at;
    if (move && this.#has(vector + move[0], bit + move[1])) {
      this.at = { vector: vector + move[0], bit: bit + move[1] };
      this.status.textContent = `vector ${this.at.vector + 1}, bit ${this.at.bit + 1}: ${this.rows[this.at.vector][this.at.bit]}`;
      this.draw();
    } else if (event.key === " " && this.#has(vector, bit)) {
      this.#set(vector, bit, this.rows[vector][bit] === "1" ? "0" : "1");
      this.edited(this.rows);
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
    if (wanted === "add") this.rows.push("0".repeat(this.bits));
    if (wanted === "remove") this.rows.pop();
    if (wanted === "clear") this.rows = this.rows.map(() => "0".repeat(this.bits));
    if (wanted === "invert") this.rows = this.rows.map((row) => [...row].map((bit) => (bit === "1" ? "0" : "1")).join(""));
    this.draw();
    this.edited(this.rows);
  }
}

/**
 * What is composed, as the page's server has read it, and Run, which needs no further word of the server: the press is
 * answered at once where what was read is what stands there, and else as soon as it is.
 *
 * @typedef {import("./stream.mjs").Request} Request
 * @typedef {import("./address.mjs").Wanted} Wanted
 * @typedef {{way: string, typed: string | null, rows: string[] | null}} Composed see `Composed` of the page's server
 * @typedef {{machine: string | null, link: Wanted | null, composed: Composed | null}} Known
 * @typedef {{way: string, typed: string | null, rows: string[] | null, locations: string}} Standing what stands on the page:
 *   the way in, what is in its field or its drawing, and the number of locations
 * @typedef {{run: (request: Request) => void, ask: (way: string) => void, accept: () => void}} Told `ask` has the page's
 *   server read anew, `accept` takes a message away that says what was wrong before
 */

/** The longest that a press waits for what was typed to be read, before it is asked for anew. */
const PATIENCE_MS = 500;

export class Composer {
  /** What Run works with. @type {Known} */
  known = { machine: null, link: null, composed: null };
  /** Run was pressed, and waits. */
  pressed = false;
  /** A sequence comes that is none of the fields' doing: drawn at random, an example, a file. */
  awaited = false;

  /**
   * @param {() => Standing} look
   * @param {Told} told
   */
  constructor(look, told) {
    this.look = look;
    this.told = told;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Whether what was read is what stands there, and a sequence. */
  get settled() {
    const { composed } = this.known;
    if (this.awaited || !composed?.rows) return false;
    const { way, typed, rows } = this.look();
    if (way !== composed.way || lines(typed) !== lines(composed.typed)) return false;
    return rows === null || rows.join() === composed.rows.join();
  }

  /**
   * Takes what has changed. Another machine runs what is composed, and so does a link that was opened.
   *
   * @param {Known} known
   * @param {string[]} changed ids of the components
   */
  know(known, changed) {
    this.known = known;
    if (changed.includes("composed")) {
      this.awaited = false;
      // What was wrong is said where she typed; a press is not kept for what she types next.
      if (!known.composed?.rows) this.pressed = false;
    }
    if (known.link && changed.includes("link")) this.#run(known.link.locations, known.link.interventions);
    else if (changed.includes("machine") || this.pressed) this.run();
  }

  /** Run was pressed. */
  run() {
    clearTimeout(this.timer);
    this.pressed = !this.settled;
    if (!this.pressed) return this.#run(asNumber(this.look().locations), []);
    this.timer = setTimeout(() => this.again(), PATIENCE_MS);
  }

  /** Has what stands there read anew if a press waits for it. */
  again() {
    if (this.pressed) this.told.ask(this.look().way);
  }

  /** @param {number | null} locations @param {unknown[]} interventions */
  #run(locations, interventions) {
    const { machine, composed } = this.known;
    if (machine === null || !composed?.rows) return;
    this.told.accept();
    const sequence = composed.rows.map((row) => [...row].map(Number));
    this.told.run({ checkpoint: machine, sequence, locations, interventions });
  }
}

/** As a text field has it: it knows one kind of line break. @param {string | null} text */
const lines = (text) => (text ?? "").replace(/\r\n?/g, "\n");

/** A number of locations; null for as trained. What is no number goes on as it is, for the service to name. @param {string} text @returns {any} */
function asNumber(text) {
  if (text.trim() === "") return null;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/** What stands in the composer and in the chooser. @param {ParentNode} page @param {() => string[]} drawn @returns {Standing} */
export function standing(page, drawn) {
  const value = (/** @type {string} */ selector) => /** @type {HTMLInputElement | null} */ (page.querySelector(selector))?.value;
  const way = value("#way-in input:checked") ?? "";
  return {
    way,
    typed: value(`textarea#composer-${way}`) ?? null,
    rows: way === "draw" ? drawn() : null,
    locations: value("#locations") ?? "",
  };
}

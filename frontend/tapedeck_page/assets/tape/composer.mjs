/**
 * What is composed, as the page's server has read it, and Run, which needs no further word of the server: the press is
 * answered at once where what was read is what stands there, and else as soon as it is. And whether the tape is of that.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("./address.mjs").Wanted} Wanted
 * @typedef {{way: string, typed: string | null, rows: string[] | null, bits: number, refused: boolean}} Composed see `Composed`
 *   of the page's server
 * @typedef {{id: string, config: {bits: number, locations: number}, origin?: any}} Machine as the service lists it
 * @typedef {{machine: string | null, link: Wanted | null, composed: Composed | null, machines?: Machine[]}} Known
 * @typedef {{way: string, typed: string | null, rows: string[] | null, random?: string | null, locations: string}} Standing what
 *   stands on the page: the way in, what is in its field, its drawing or the fields that it is drawn with, the number of locations
 * @typedef {{run: (request: Request) => void, ask: (way: string) => void, draw: () => void, accept: () => void, name: (machine: string) => void, atChooser: () => boolean}} Told
 *   `ask` has the page's server read anew, `draw` has it draw at random, `accept` takes a message away that says what was wrong
 *   before, `name` has the chooser name a machine, `atChooser` says whether the user is at it
 * @typedef {{checkpoint: string, rows: string, locations: number}} Shown the run that the tape is of
 */

/** The longest that a press waits for what was typed to be read, before it is asked for anew. */
const PATIENCE_MS = 500;
/** Locations of a memory, as the service runs them. */
const [MIN_LOCATIONS, MAX_LOCATIONS] = [3, 4096];

export class Composer {
  /** What Run works with. @type {Known} */
  known = { machine: null, link: null, composed: null };
  /** Run was pressed, and waits. */
  pressed = false;
  /** A sequence is on its way that is not from a field: drawn at random, an example, a file. */
  awaited = false;
  /** With what it is drawn at random; null where it is not. @type {string | null} */
  drawing = null;
  /** What was drawn at random last, and with what. @type {{fields: string, rows: string} | null} */
  drawn = null;
  /** A link that waits for a sequence that its machine reads. @type {Wanted | null} */
  linked = null;
  /** The machine that the chooser was last told to name, until it says so. @type {string | null} */
  named = null;
  /** All that it was told to name since the user chose: it may say each of them again, later than the next. @type {Set<string | null>} */
  own = new Set();
  /** The machine that the chooser named last. @type {string | null} */
  heard = null;
  /** What the tape shows. @type {Shown | null} */
  shown = null;

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

  /** Whether what was read is what stands there, and a sequence that the machine reads. */
  get settled() {
    const { composed } = this.known;
    if (this.awaited || !composed?.rows || !this.#fits) return false;
    const standing = this.look();
    if (standing.way !== composed.way || isEdited(standing, composed)) return false;
    return standing.random == null || this.#isDrawnWith(standing.random);
  }

  /** Whether Run would show another tape than the one that is shown. */
  get changed() {
    const { shown, known } = this;
    const { composed, machine } = known;
    if (!shown || !composed) return false;
    const standing = this.look();
    const locations = asNumber(standing.locations) ?? this.#machine?.config.locations ?? shown.locations;
    if (machine !== shown.checkpoint || locations !== shown.locations) return true;
    if (standing.way === composed.way && isEdited(standing, composed)) return true;
    if (standing.random != null && this.drawn && this.drawn.fields !== standing.random) return true;
    return composed.rows?.join() !== shown.rows;
  }

  /**
   * Takes what has changed. Another machine runs what is composed, and so does a link that was opened.
   *
   * @param {Known} told
   * @param {string[]} changed ids of the components
   */
  know(told, changed) {
    const chosen = this.#heard(told, changed);
    if (changed.includes("composed")) this.#read(this.known.composed);
    const link = changed.includes("link") ? this.known.link : this.linked;
    this.linked = null;
    // What a link says is the service's to refuse; what the page puts in its place has to fit.
    if (link && (link.rows || this.#fits)) this.#run(link.locations, link.interventions);
    else if (link) this.linked = link;
    else if (chosen || this.pressed) this.run();
  }

  /** Run was pressed. */
  run() {
    clearTimeout(this.timer);
    this.pressed = !this.settled;
    if (!this.pressed) return this.#run(asNumber(this.look().locations), []);
    this.#drawFirst();
    this.timer = setTimeout(() => this.again(), PATIENCE_MS);
  }

  /** Has what stands there read anew if a press waits for it. */
  again() {
    if (this.pressed && !this.#drawFirst()) this.told.ask(this.look().way);
  }

  /** A sequence comes that is not from a field. @param {boolean} atRandom */
  wait(atRandom) {
    this.awaited = true;
    this.drawing = atRandom ? (this.look().random ?? null) : null;
  }

  /** The tape shows a machine that was not chosen, such as a checkpoint of a film: now it is the chosen one. @param {string} machine */
  follow(machine) {
    if (machine === this.known.machine) return;
    this.known = { ...this.known, machine };
    if (this.named === null) this.#name(machine);
  }

  get #machine() {
    return this.known.machines?.find(({ id }) => id === this.known.machine);
  }

  /** Whether the machine reads as many bits as the vectors have. */
  get #fits() {
    return (this.#machine?.config.bits ?? this.known.composed?.bits) === this.known.composed?.bits;
  }

  /** @param {string} fields */
  #isDrawnWith(fields) {
    return this.drawn?.fields === fields && this.drawn.rows === this.known.composed?.rows?.join();
  }

  /** Draws at random what is to be run so. */
  #drawFirst() {
    const { random } = this.look();
    if (random == null || this.#isDrawnWith(random)) return false;
    this.told.draw();
    return true;
  }

  /**
   * What is known from now on: of the machine, what the tape shows counts until the chooser names it.
   *
   * @param {Known} told
   * @param {string[]} changed
   * @returns {boolean} whether the user has chosen one
   */
  #heard(told, changed) {
    const { named, known, heard } = this;
    this.heard = told.machine;
    const another = changed.includes("machine") && !this.#isEcho(told.machine, changed);
    if (named === null) {
      if (another) this.own.clear();
      this.known = another || !changed.includes("machine") ? told : { ...told, machine: known.machine };
      if (this.known.machine !== null && this.known.machine !== told.machine) this.#name(this.known.machine);
      return another;
    }
    // Dash may tell once more what it told before, while it has yet to hear the name.
    const chosen = another && told.machine !== named && told.machine !== heard;
    this.known = chosen ? told : { ...told, machine: known.machine };
    if (chosen || (changed.includes("machine") && told.machine === named)) this.named = null;
    if (chosen) this.own.clear();
    // It names one of before: then it may have dropped what it was told since, and is told again.
    else if (changed.includes("machine") && known.machine !== null && known.machine !== told.machine) this.#name(known.machine);
    return chosen;
  }

  /**
   * Whether the chooser only says what it was told to name: of several names it may say an earlier one after a later one.
   *
   * @param {string | null} machine
   * @param {string[]} changed
   */
  #isEcho(machine, changed) {
    return this.own.has(machine) && !changed.includes("link") && !this.told.atChooser();
  }

  /** Tells the chooser, once at a time: a film moves on faster than it can follow. @param {string} machine */
  #name(machine) {
    this.named = machine;
    this.own.add(machine);
    this.told.name(machine);
  }

  /** @param {Composed | null} composed */
  #read(composed) {
    this.awaited = false;
    const read = composed?.rows && !composed.refused;
    if (read && this.drawing !== null) this.drawn = { fields: this.drawing, rows: String(composed.rows?.join()) };
    this.drawing = null;
    // What was wrong is said where it was typed; a press is not kept for what is typed next.
    if (!read) this.pressed = false;
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

/** Whether a field or the drawing has changed since it was read. @param {Standing} standing @param {Composed} composed */
const isEdited = ({ typed, rows }, composed) =>
  lines(typed) !== lines(composed.typed) || (rows !== null && rows.join() !== composed.rows?.join());

/** As a text field has it: it knows one kind of line break. @param {string | null} text */
const lines = (text) => (text ?? "").replace(/\r\n?/g, "\n");

/** A number of locations; null for as trained. What is not a number goes on as it is, for the service to name. @param {string} text @returns {any} */
function asNumber(text) {
  if (text.trim() === "") return null;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/**
 * What to expect of a sequence that is longer than the machine knew or its memory holds; it is run all the same.
 *
 * @param {Composed | null} composed
 * @param {Machine | undefined} machine
 * @param {unknown} locations as the field has them
 */
export function warningOf(composed, machine, locations) {
  if (!composed?.rows || composed.refused || !machine) return "";
  const asked = locations === "" || locations === null || locations === undefined ? machine.config.locations : Number(locations);
  const most = MAX_LOCATIONS.toLocaleString("en");
  if (!Number.isInteger(asked) || asked < MIN_LOCATIONS || asked > MAX_LOCATIONS) {
    return ` · a memory has ${MIN_LOCATIONS} to ${most} locations, a whole number of them`;
  }
  const { length } = composed.rows;
  const holds = asked - 2;
  if (length > holds) return ` · more than the ${holds.toLocaleString("en")} that ${asked.toLocaleString("en")} locations can hold: expect errors`;
  const trained = machine.origin?.recipe?.longest;
  return trained && length > trained ? ` · longer than the ${trained} vectors that this machine was trained on` : "";
}

/** What stands in the composer and in the chooser. @param {ParentNode} page @param {() => string[]} drawn @returns {Standing} */
export function standing(page, drawn) {
  const value = (/** @type {string} */ selector) => /** @type {HTMLInputElement | null} */ (page.querySelector(selector))?.value;
  const way = value("#way-in input:checked") ?? "";
  const random = [...page.querySelectorAll(".way-random input")].map((field) => /** @type {HTMLInputElement} */ (field).value);
  return {
    way,
    typed: value(`textarea#composer-${way}`) ?? null,
    rows: way === "draw" ? drawn() : null,
    random: way === "random" ? random.join(" ") : null,
    locations: value("#locations") ?? "",
  };
}

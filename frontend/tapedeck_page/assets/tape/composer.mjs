/**
 * What is composed, for whichever task the chosen machine has: several ways of writing the same vectors down, with a clear word on
 * what is wrong, and the numbers beside them. Everything is read here, as it is typed; a file alone is read by the page's server.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("./address.mjs").Wanted} Wanted
 * @typedef {import("./task.mjs").Input} Input
 * @typedef {import("./task.mjs").Machine} Machine
 * @typedef {import("./task.mjs").Task} Task
 * @typedef {import("./task.mjs").TaskDocument} TaskDocument
 * @typedef {import("./task.mjs").Written} Written
 * @typedef {{bits: string, text: string, hex: string}} Typed what stands in the fields, which are views of one sequence
 * @typedef {{length: string, density: string, seed: string, table: number[] | null}} Random what is to be drawn at random, as it is
 *   typed; `table`: of a stream, where it was set by hand
 * @typedef {{rows: string[] | null, said: string}} Found what a file holds; null where that is not a sequence
 * @typedef {{checkpoint: string, input: Input, locations: number}} Shown the run that the tape is of
 * @typedef {import("./chosen.mjs").Told & {
 *   run: (request: Request) => void, type: (request: Request) => void, show: () => void, locations: () => string,
 *   setLocations: (locations: number | null) => void, changes: () => readonly unknown[],
 * }} Told `changes` are those that inputs are run with here, `type` runs what is being composed, `show` shows what has changed, `locations` are what their field holds
 */

import { drawBeside, fitBeside, numberOf as numberBeside } from "./beside.mjs";
import { Chosen } from "./chosen.mjs";
import { exampleNamed, examplesOf, firstOf, randomPlace, randomRows, wayFor } from "./examples.mjs";
import { slugOf, wordsOf } from "./naming.mjs";
import { unseenIn } from "./sequences/characters.mjs";
import { grouped } from "./sequences/problem.mjs";
import { BYTE } from "#viewer/model/channels.mjs";
import { asBits, asHex, asText, checkLength, parseBits, parseHex, parseText, Problem } from "./sequences/typed.mjs";
import { asStream, drawStream, drawTable, parseStream } from "./streams.mjs";
import { asHeard, check, delimitersOf, inputOf, isNumberOfLocations, nounOf, readTask, sizesOf, stepsOf, summaryOf, warningOf, withinPlaces, writtenOf } from "./task.mjs";

/** @type {Record<string, (typed: string, bits: number) => string[]>} */
const PARSERS = { bits: parseBits, text: parseText, hex: parseHex };
/** So many characters that cannot be seen are named. */
const MOST_UNSEEN = 4;
/** An input of no more vectors, and a run of no more steps, runs as it is typed. */
const [LIVE_VECTORS, LIVE_STEPS] = [40, 500];
/** The ways in that show a sequence as it is. */
const VIEWS = ["bits", "text", "hex", "draw"];
const NOT_TEXT = "These vectors are not UTF-8 text: run them as bits, or type some text instead.";

export class Composer {
  /** @type {Machine[]} */
  machines = [];
  /** By name; null where the page has no fields for a task's input. @type {Map<string, Task | null>} */
  tasks = new Map();
  /** The way in that is shown. */
  way = "text";
  /** @type {Typed} */
  typed = { bits: "", text: "", hex: "" };
  /** The vectors as they were last right, each a string of 0s and 1s. @type {string[]} */
  rows = [];
  /** The counts as they are typed, and which item is meant. @type {Record<string, string>} */
  numbers = {};
  /** The numbers beside the vectors, as they are typed. @type {string[]} */
  beside = [];
  /** @type {Random} */
  random = { length: "", density: "0.5", seed: "1", table: null };
  /** With what the vectors were drawn at random; null where they were not. @type {string | null} */
  drawn = null;
  /** What is wrong with what stands there. */
  fault = "";
  /** What was tried in vain, such as a file that holds nothing: what stands there is as it was. */
  trouble = "";
  /** How a file was read. */
  said = "";
  /** A file is being read. */
  reading = false;
  /** Run was pressed, and waits for the file. */
  pressed = false;
  /** What the tape shows. @type {Shown | null} */
  shown = null;

  /** The input that was last run, or is to be. */
  #asked = "";
  /** A link that waits for any machine to run it on. @type {Wanted | null} */
  #linked = null;
  /** Of which task and bits a vector this is. */
  #kind = "";
  /** What was written for others, and comes back with their machines. @type {Map<string, {way: string, rows: string[], numbers: Record<string, string>, beside: string[]}>} */
  #kept = new Map();

  /**
   * @param {{text: string, most: number}} settings what the page opens on, and the most vectors of an input
   * @param {Told} told
   */
  constructor(settings, told) {
    this.settings = settings;
    this.told = told;
    this.chosen = new Chosen(told);
    this.#set(parseText(settings.text));
  }

  get machine() {
    return this.machines.find(({ id }) => id === this.chosen.machine);
  }

  /** What the machine is asked. */
  get task() {
    return asHeard(this.tasks.get(this.machine?.task ?? ""), this.machine);
  }

  /** The task of a machine that can be composed for, and the bits of its vectors. @param {string} machine @returns {{task: Task, bits: number} | null} */
  taskOf(machine) {
    const known = this.machines.find(({ id }) => id === machine);
    const task = asHeard(this.tasks.get(known?.task ?? ""), known);
    return known && task ? { task, bits: known.config.bits } : null;
  }

  /** A run in the name of a file: machine and input, and the locations where they are not the machine's own. @param {Request} request */
  slugOf({ checkpoint, input, locations }) {
    const known = this.taskOf(checkpoint);
    const written = known && writtenOf(known.task, input, known.bits);
    return [checkpoint, written && slugOf(known.task, written), locations && `${locations}-locations`].filter(Boolean).join("-");
  }

  /** A run in a few words: its input, and what it is on. @param {Request} request */
  wordsOf({ checkpoint, input, locations }) {
    const known = this.taskOf(checkpoint);
    const written = known && writtenOf(known.task, input, known.bits);
    const memory = locations === null ? "" : `, ${grouped(locations)} locations`;
    return `${written ? `${wordsOf(known.task, written)} on ` : ""}${checkpoint}${memory}`;
  }

  /** What makes the input of a run as long as it is, by the names that an evaluation has for it. @param {Request} request @returns {Record<string, number>} */
  sizesOf({ checkpoint, input }) {
    const known = this.taskOf(checkpoint);
    const written = known && writtenOf(known.task, input, known.bits);
    return written ? sizesOf(known.task, written) : {};
  }

  /** The bits of a context, where what is composed is a stream of bits; else 0. */
  get stream() {
    return this.task?.rows.stream ?? 0;
  }

  /** The table that a stream is drawn from: as it was set, or as its seed says. @returns {number[]} */
  get table() {
    const { stream, random } = this;
    return stream > 0 ? (random.table ?? drawTable(stream, numberOf(random.seed) || 0)) : [];
  }

  /** How many of the vectors come out: as many steps as the run has after all that is heard. */
  get comesOut() {
    const { task, rows, machine } = this;
    return task ? stepsOf(task, this.written) - rows.length - delimitersOf(machine) : rows.length;
  }

  /** Of a vector. */
  get bits() {
    return this.machine?.config.bits ?? BYTE;
  }

  /** What is to be said of it. */
  get message() {
    return this.trouble || this.problem;
  }

  /** What is wrong with what stands there, or nothing. */
  get problem() {
    const { task, machine, fault, rows } = this;
    if (fault) return fault;
    if (!task) return machine ? `This page has no fields for the input of ${machine.task}; run it with “tapedeck trace”.` : "";
    if (rows.length === 0) return `Nothing to run yet: add ${/^[aeiou]/.test(nounOf(task)) ? "an" : "a"} ${nounOf(task)}.`;
    try {
      check(task, this.written);
      return "";
    } catch (error) {
      return sentenceOf(error);
    }
  }

  /** @returns {Written} */
  get written() {
    const numbers = Object.entries(this.numbers).map(([name, typed]) => [name, numberOf(typed)]);
    const beside = this.task?.beside ? { beside: this.beside.map(numberBeside) } : {};
    return { rows: this.rows, numbers: Object.fromEntries(numbers), ...beside };
  }

  /** The request's input; null where what stands there is not one. */
  get input() {
    return this.task && !this.problem ? inputOf(this.task, this.written) : null;
  }

  /** Whether Run would show another tape than the one that is shown. */
  get changed() {
    const { shown, machine, chosen } = this;
    if (!shown) return false;
    const locations = asNumber(this.told.locations()) ?? machine?.config.locations ?? shown.locations;
    if (chosen.machine !== shown.checkpoint || locations !== shown.locations || this.#isToBeDrawn()) return true;
    return JSON.stringify(this.input) !== JSON.stringify(shown.input);
  }

  /** How long the input is, and what to expect of it. */
  get summary() {
    const { task, written, machine, bits } = this;
    if (!task || this.problem) return { summary: "", warning: "" };
    return { summary: summaryOf(task, written, bits) + this.#unseen, warning: warningOf(task, written, machine, this.told.locations()) };
  }

  /** The characters of a text that a field does not show, in words. */
  get #unseen() {
    const codes = this.way === "text" ? unseenIn(asText(this.rows) ?? "") : [];
    if (codes.length === 0) return "";
    return `; it also holds ${codes.slice(0, MOST_UNSEEN).join(", ")}${codes.length > MOST_UNSEEN ? " …" : ""}, which the field does not show`;
  }

  /** Takes the machines and the tasks that there are now. @param {readonly Machine[]} machines @param {readonly TaskDocument[]} tasks */
  list(machines, tasks) {
    this.machines = machines.filter((each) => !("error" in each));
    this.tasks = new Map(tasks.map((task) => [task.name, readTask(task)]));
  }

  /**
   * Takes what the chooser says. Another machine that the user has chosen runs what is composed.
   *
   * @param {string | null} machine
   * @param {string[]} changed ids of the components
   */
  hear(machine, changed) {
    const chosen = this.chosen.hear(machine, changed);
    if (this.#linked && this.chosen.machine !== null) return this.open(this.chosen.machine);
    this.#adopt();
    if (chosen || (this.pressed && !this.reading)) this.run();
    this.told.show();
  }

  /**
   * Runs what a link says, or what stands there; once there is a machine to run it on.
   *
   * @param {string | null} machine
   * @param {Wanted | null} link one that waited where there is no other
   */
  open(machine, link = this.#linked) {
    if (machine !== null) this.chosen.follow(machine);
    if (link) this.#chooseFor(link);
    this.#adopt();
    const waits = this.chosen.machine === null;
    this.#linked = waits ? link : null;
    if (link && !waits) this.#open(link);
    else if (!waits) this.run();
    this.told.show();
  }

  /** The tape shows a machine that was not chosen, such as a checkpoint of a film: now it is the chosen one. @param {string} machine */
  follow(machine) {
    this.chosen.follow(machine);
    this.#adopt();
    this.told.show();
  }

  /** The machine that an input is run on: the chosen one if it is of that task, else the first that is. @param {Input} input */
  machineFor(input) {
    const takes = (/** @type {Machine} */ { task, config: { bits } }) => {
      const known = this.tasks.get(task);
      return Boolean(known && writtenOf(known, input, bits));
    };
    return this.machine && takes(this.machine) ? this.machine.id : this.machines.find(takes)?.id;
  }

  /**
   * An example of a task on a machine; null where there is none of that task.
   *
   * @param {string} task @param {string} name of the example; the task's first where there is none
   * @param {boolean} onChosen on the chosen machine where that has this task, else on the first that has it
   * @param {unknown[]} changes inside the machine
   * @returns {import("#viewer/contract/stream.mjs").Request | null}
   */
  exampleOf(task, name, onChosen, changes) {
    const known = this.tasks.get(task);
    const chosen = onChosen && this.machine?.task === task ? this.machine : undefined;
    const machine = chosen ?? this.machines.find((each) => each.task === task);
    if (!known || !machine) return null;
    return { checkpoint: machine.id, input: inputOf(known, exampleNamed(known, name, machine.config.bits)), locations: null, interventions: changes };
  }

  /** Run was pressed. */
  run() {
    this.pressed = this.reading || this.chosen.machine === null;
    if (this.pressed) return;
    this.trouble = "";
    if (this.#isToBeDrawn()) this.#attempt(() => this.#draw());
    else this.told.show();
    const { input, trouble } = this;
    if (input && !trouble) this.#run(input, asNumber(this.told.locations()), this.#changes);
  }

  /** Something was typed. @param {string} way @param {string} typed */
  type(way, typed) {
    this.typed = { ...this.typed, [way]: typed };
    this.#try(() => {
      if (way === "text" && !typed && this.bits === BYTE && this.rows.length > 0 && asText(this.rows) === null) throw new Problem(NOT_TEXT);
      const rows = this.stream > 0 ? parseStream(typed) : PARSERS[way](typed, this.bits);
      this.#set(checkLength(rows, this.settings.most), way);
    });
    this.#live();
  }

  /** Another way in is shown: what stands there counts. @param {string} way */
  choose(way) {
    this.way = way;
    if (way in PARSERS) this.type(way, this.typed[/** @type {keyof Typed} */ (way)]);
    else this.#try(() => {});
  }

  /** The vectors were drawn by hand. @param {string[]} rows */
  draw(rows) {
    this.#try(() => this.#set(checkLength(rows, this.settings.most)));
    this.#live();
  }

  /** A count was typed, or another item is meant. @param {string} name @param {string} typed */
  number(name, typed) {
    this.numbers = { ...this.numbers, [name]: typed };
    this.told.show();
    this.#live();
  }

  /** The number beside a vector was typed, or moved. @param {number} at @param {string} typed */
  move(at, typed) {
    this.beside = this.beside.map((each, index) => (index === at ? typed : each));
    this.told.show();
    this.#live();
  }

  /** What is to be drawn at random. @param {Partial<Random>} fields */
  ask(fields) {
    this.random = { ...this.random, ...fields };
    this.told.show();
  }

  drawAtRandom() {
    this.#attempt(() => this.#draw());
    this.#live();
  }

  #draw() {
    const { task, bits } = this;
    const fields = JSON.stringify(this.random);
    if (!task) return;
    const { length, density, seed } = this.#randomNumbers(task);
    const rows = this.stream > 0 ? drawStream(this.table, length, seed) : randomRows(length * Math.max(1, task.rows.each), density, seed, bits);
    this.#set(rows);
    for (const { name, followed } of task.places) this.numbers[name] = String(randomPlace(length - followed, seed));
    if (task.beside) this.beside = drawBeside(task.beside, length, seed).map(String);
    this.drawn = fields;
  }

  /** Runs an example, in a way in that shows it. @param {number} index of the task's examples */
  example(index) {
    const { task } = this;
    if (!task) return;
    this.#try(() => {
      this.#write(examplesOf(task)[index].written(this.bits));
      const isShown = VIEWS.includes(this.way) && (this.way !== "text" || wayFor(this.rows) === "text");
      if (!isShown) this.way = this.#wayFor(task);
    });
    this.run();
  }

  /** Runs another input, such as that of the tape, with so many locations. @param {Request} request @param {number} locations */
  runWith(request, locations) {
    this.#open({ ...request, locations });
    this.told.show();
  }

  /** A file is handed to the page's server. */
  read() {
    this.reading = true;
    this.told.show();
  }

  /** What it found in the file; what stood there stays where that is nothing. @param {Found} found */
  take({ rows, said }) {
    const { pressed } = this;
    this.reading = this.pressed = false;
    this.#attempt(() => {
      if (!rows) throw new Problem(said);
      this.#set(checkLength(rows, this.settings.most));
      this.said = said;
    });
    if (pressed && rows) this.run();
    else this.#live();
  }

  /** Something else is wrong with what was tried. @param {string} sentence */
  refuse(sentence) {
    this.#attempt(() => {
      throw new Problem(sentence);
    });
  }

  /** @param {Task} task */
  #randomNumbers({ rows: { each, least } }) {
    const most = Math.floor(this.settings.most / Math.max(1, each));
    const [length, density, seed] = /** @type {const} */ (["length", "density", "seed"]).map((name) => {
      const typed = this.random[name];
      return name === "density" ? numberOf(typed.replace(",", ".")) : numberOf(typed);
    });
    const got = (/** @type {string} */ typed) => (typed.trim() ? `“${typed}”` : "nothing");
    if (!Number.isInteger(length) || length < least || length > most) {
      const name = each > 0 ? "number of items" : "length";
      throw new Problem(`The ${name} must be a whole number from ${least} to ${grouped(most)}; got ${got(this.random.length)}.`);
    }
    if (!(density >= 0 && density <= 1)) {
      throw new Problem(`The share of ones must be a number from 0 to 1; got ${got(this.random.density)}.`);
    }
    if (!Number.isInteger(seed)) throw new Problem(`The seed must be a whole number; got ${got(this.random.seed)}.`);
    return { length, density, seed };
  }

  /** What was changed is run by itself, where it is an input that makes a short run. */
  #live() {
    const { task, input, rows, machine } = this;
    if (!task || !machine || JSON.stringify(input) === this.#asked) return;
    const locations = asNumber(this.told.locations());
    const isShort = input && (rows.length <= LIVE_VECTORS || this.stream > 0) && stepsOf(task, this.written) <= LIVE_STEPS;
    if (!isShort || this.reading || !isNumberOfLocations(locations ?? machine.config.locations)) return;
    this.#asked = JSON.stringify(input);
    this.told.type({ checkpoint: machine.id, input, locations, interventions: this.#changes });
  }

  /** What is changed inside the machine that is run. */
  get #changes() {
    return [...this.told.changes()];
  }

  /** The way in that is shown, where it is a view of the sequence that another machine would not begin with; else null. */
  get ownWay() {
    const { task, way } = this;
    return task && way !== "text" && VIEWS.includes(way) && way !== this.#wayFor(task) ? way : null;
  }

  /** The way in that shows what stands there best. @param {Task} task */
  #wayFor({ rows, beside }) {
    return rows.each > 0 || beside ? "draw" : this.bits === BYTE ? wayFor(this.rows) : "bits";
  }

  /** Whether the fields ask for other vectors than those that were drawn. */
  #isToBeDrawn() {
    return this.way === "random" && this.drawn !== JSON.stringify(this.random);
  }

  /** A machine of the link's task, where the one that it names is not here. @param {Wanted} link */
  #chooseFor({ checkpoint, input }) {
    if (!input || this.machines.some(({ id }) => id === checkpoint)) return;
    const found = this.machineFor(input);
    if (found) this.chosen.follow(found);
  }

  /** A link was opened: its own locations, and its input, whatever it is: what is wrong with it is the service's to say. @param {Omit<Wanted, "checkpoint">} link */
  #open({ input, locations, interventions }) {
    const { task } = this;
    const written = input && task ? writtenOf(task, input, this.bits) : null;
    if (task && written) {
      this.#write(written);
      this.way = this.#wayFor(task);
      this.fault = "";
    }
    this.told.setLocations(locations);
    const wanted = input ?? this.input;
    if (wanted) this.#run(wanted, locations, interventions);
  }

  /** The machine may have another task, or read vectors of another width: then what was written for that comes back. */
  #adopt() {
    const { task, bits } = this;
    const kind = `${task?.name} ${bits}`;
    if (!task || kind === this.#kind) return;
    if (this.#kind) this.#kept.set(this.#kind, { way: this.way, rows: this.rows, numbers: this.numbers, beside: this.beside });
    const opening = !this.#kind;
    this.#kind = kind;
    const kept = this.#kept.get(kind);
    const fits = opening && this.way === "text" && bits === BYTE && task.rows.each === 0 && task.counts.length === 0 && !task.beside;
    this.drawn = null;
    this.random = { ...this.random, table: null, length: task.rows.stream > 0 ? "200" : task.rows.each > 0 ? "6" : task.counts.length > 0 ? "5" : "20" };
    this.fault = this.trouble = this.said = "";
    if (fits) return; // what was typed before any machine was known
    if (kept) {
      Object.assign(this, { way: kept.way, numbers: kept.numbers, beside: kept.beside });
      this.#set(kept.rows);
    } else {
      this.#write(firstOf(task, this.settings.text, bits));
      this.way = this.#wayFor(task);
    }
  }

  /** @param {Written} written */
  #write({ rows, numbers, beside = [] }) {
    this.beside = beside.map(String);
    this.numbers = { ...this.numbers, ...Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)])) };
    this.#set(rows);
  }

  /** The vectors in every view but the one that is typed in. @param {string[]} rows @param {string} way */
  #set(rows, way = "") {
    this.rows = rows;
    this.drawn = null;
    const views = { bits: this.stream > 0 ? asStream(rows) : asBits(rows), text: asText(rows) ?? "", hex: asHex(rows) };
    this.typed = { ...views, ...(way ? { [way]: this.typed[/** @type {keyof Typed} */ (way)] } : {}) };
    const { task } = this;
    if (!task) return;
    if (task.beside) this.beside = fitBeside(task.beside, this.beside, rows.length);
    for (const [name, place] of Object.entries(withinPlaces(task, this.written).numbers)) {
      if (task.places.some((part) => part.name === name)) this.numbers[name] = String(place);
    }
  }

  /** Something that leaves what stands there if it fails. @param {() => unknown} write */
  #attempt(write) {
    this.said = this.trouble = "";
    try {
      write();
      this.fault = "";
    } catch (error) {
      this.trouble = sentenceOf(error);
    }
    this.told.show();
  }

  /** @param {() => unknown} write may find a problem */
  #try(write) {
    this.said = this.fault = this.trouble = "";
    try {
      write();
    } catch (error) {
      this.fault = sentenceOf(error);
    }
    this.told.show();
  }

  /** @param {Input} input @param {number | null} locations @param {unknown[]} interventions */
  #run(input, locations, interventions) {
    const { machine } = this.chosen;
    if (machine === null) return;
    this.#asked = JSON.stringify(input);
    this.told.run({ checkpoint: machine, input, locations, interventions });
  }
}

/** @param {unknown} error */
function sentenceOf(error) {
  if (error instanceof Problem) return error.message;
  throw error;
}

/** A number in plain digits; NaN for anything else. @param {string} typed */
const numberOf = (typed) => (/^\s*-?(?:\d+\.?\d*|\.\d+)\s*$/.test(typed) ? Number(typed) : NaN);

/** A number of locations; null for as trained. What is not a number is passed on as it is, for the service to name. @param {string} text @returns {any} */
function asNumber(text) {
  if (text.trim() === "") return null;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

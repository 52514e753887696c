/**
 * Training on the page: asks the service about its jobs while any is under way, and passes on what the user wants.
 *
 * @typedef {{sequences: number, total: number, loss: number | null, bit_error_rate: number | null, validation_errors: number | null,
 *   seconds: number}} Progress
 * @typedef {"queued" | "running" | "paused" | "finished" | "stopped" | "failed" | "unreadable"} State
 * @typedef {{id: string, seed: number, recipe: {[name: string]: any}, state: State, place: number | null, progress: Progress | null,
 *   compiled: boolean | null, sequences_per_second: number | null, seconds_left: number | null, checkpoints: number,
 *   checkpoint: string | null, error: {detail: string} | null}} Job
 * @typedef {{detail: string, field: string | null}} Fault
 * @typedef {{jobs?: Job[], error?: Fault}} Told
 * @typedef {{machines: (count: number) => void, choose: (id: string) => void, seed: (seed: number) => void,
 *   done: (sentence: string) => void, draw: (figure: import("./curves.mjs").Figure | null) => void}} Deeds what else happens on the page: there are more machines, one of them is
 *   wanted on the tape, the next seed, and news for a user who is on another page
 */

import { find } from "#viewer/draw/dom.mjs";
import { JobList } from "./jobs.mjs";
import { addressOf } from "./root.mjs";

const ADDRESS = addressOf("api/training");
/** Time between two requests while the page is watched, and while it is not. */
const [GLANCE_MS, ASIDE_MS] = [500, 3000];
const UNDER_WAY = ["running", "queued"];
/** Defaults for what is unknown of a job that the service cannot read. */
const BLANK = {
  recipe: {},
  place: null,
  progress: null,
  compiled: null,
  sequences_per_second: null,
  seconds_left: null,
  checkpoints: 0,
  checkpoint: null,
};

export class Training {
  /** @param {HTMLDetailsElement} root @param {Deeds} deeds @param {AbortSignal} signal when the page is taken away */
  constructor(root, deeds, signal) {
    this.root = root;
    this.deeds = deeds;
    this.summary = find("[data-readout=training]", root);
    this.message = find("[data-readout=training-message]", root);
    this.news = find("[data-readout=training-news]", root);
    this.start = /** @type {HTMLButtonElement} */ (find("[data-action=train]", root));
    this.list = new JobList(find(".jobs", root), (job, action) => this.#act(job, action), deeds.draw);
    /** @type {Job[]} */
    this.jobs = [];
    /** The job whose film is wanted, until it is there or the user turns to something else. */
    this.wanted = "";
    /** @type {any[]} */
    this.machines = [];
    this.watched = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.start.addEventListener("click", () => this.#begin());
    root.addEventListener("input", ({ target }) => {
      if (target instanceof HTMLInputElement) target.removeAttribute("aria-invalid");
    });
    for (const event of ["pointerdown", "keydown"]) {
      document.addEventListener(event, ({ target }) => {
        if (target instanceof Element && target.closest("#film, #tape, #transport, .desk")) this.wanted = "";
      }, { signal });
    }
    document.addEventListener("visibilitychange", () => this.#next(), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** What the page's server was told: null where the service does not train. @param {Told | null} told */
  know(told) {
    this.root.dataset.state = told ? "ready" : "off";
    if (told) this.#take(told);
    if (told) this.#lookAtCurve().catch(() => {}); // the service is away: the stream says so
    this.#next();
  }

  /** All machines there are now. @param {any[]} machines */
  knowMachines(machines) {
    this.machines = machines;
    const series = machines.filter(({ origin }) => origin?.run === this.wanted);
    if (series.length === 0) return;
    // The newest; of the final machine and the last on the way, which are one, that with the shorter name.
    series.sort((a, b) => b.sequences_seen - a.sequences_seen || a.id.length - b.id.length);
    this.wanted = "";
    this.deeds.choose(series[0].id);
  }

  /** Whether the page that shows it is open. @param {boolean} watched */
  visit(watched) {
    this.watched = watched;
    if (watched) this.look();
  }

  /** Asks once, and again while anything is under way. */
  async look() {
    if (this.root.dataset.state !== "ready") return;
    clearTimeout(this.timer);
    try {
      const answer = await fetch(ADDRESS);
      this.#take(await answer.json());
      await this.#lookAtCurve();
    } catch {
      return; // the service is away: the stream says so, and when it is back it is asked again
    }
    this.#next();
  }

  #next() {
    clearTimeout(this.timer);
    if (!this.jobs.some(({ state }) => UNDER_WAY.includes(state))) return;
    this.timer = setTimeout(() => this.look(), this.watched && !document.hidden ? GLANCE_MS : ASIDE_MS);
  }

  /** @param {Told} told */
  #take({ jobs, error }) {
    if (error) return this.#refuse(error);
    const before = new Map(this.jobs.map((job) => [job.id, job]));
    this.jobs = (jobs ?? []).map((job) => ({ ...BLANK, ...job }));
    this.list.show(this.jobs);
    this.summary.textContent = inShort(this.jobs);
    if (this.jobs.some(({ state }) => UNDER_WAY.includes(state)) && before.size === 0) this.root.open = true;
    const grown = this.jobs.filter((job) => before.has(job.id) && machinesOf(job) > machinesOf(before.get(job.id)));
    if (grown.length > 0) this.deeds.machines(this.jobs.reduce((sum, job) => sum + machinesOf(job), 0));
    grown.filter(({ checkpoint }) => checkpoint).forEach((job) => this.#tellDone(job));
  }

  /** @param {Job} job */
  #tellDone({ id, seed, progress }) {
    const wrong = progress?.validation_errors;
    const result = wrong ? `${wrong.toLocaleString("en")} wrong bits in its last validation` : "no wrong bits in its last validation";
    const sentence = `Seed ${seed} is trained: ${result}. You can choose it as ${id}.`;
    this.news.textContent = sentence;
    if (!this.watched) this.deeds.done(sentence);
  }

  async #lookAtCurve() {
    const job = this.list.curved;
    if (!job) return;
    const answer = await fetch(`${ADDRESS}/${job.id}/metrics?after=${this.list.curve.after(job)}`);
    if (answer.ok) this.list.curve.take(job, await answer.json());
  }

  async #begin() {
    this.start.disabled = true;
    this.message.textContent = this.news.textContent = "";
    const { seed, ...recipe } = this.#written();
    const job = await this.#post(ADDRESS, { seed, recipe });
    this.start.disabled = false;
    if (!job) return;
    this.wanted = job.state === "running" ? job.id : "";
    this.deeds.seed(job.seed + 1);
    this.#take({ jobs: [job, ...this.jobs] });
    this.look();
  }

  /** The numbers in the fields; an empty field is left to the service. */
  #written() {
    /** @type {{[name: string]: number | string}} */
    const written = {};
    for (const field of this.root.querySelectorAll("[data-recipe]")) {
      const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
      input.removeAttribute("aria-invalid");
      const typed = input.value.trim();
      if (typed) written[field.getAttribute("data-recipe") ?? ""] = numberIn(typed);
    }
    return written;
  }

  /** @param {Job} job @param {string} action */
  async #act(job, action) {
    this.message.textContent = this.news.textContent = "";
    if (action === "watch") {
      this.wanted = job.id;
      return this.knowMachines(this.machines);
    }
    await this.list.hold(job, this.#post(`${ADDRESS}/${job.id}/${action}`).then(() => this.look()));
  }

  /** @param {string} address @param {object} [body] @returns {Promise<Job | null>} null where it was refused, which is shown */
  async #post(address, body) {
    const json = body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
    try {
      const answer = await fetch(address, { method: "POST", ...json });
      const told = await answer.json();
      if (answer.ok) return told;
      this.#refuse(told.error);
    } catch {
      this.message.textContent = "The service does not answer; try again in a moment.";
    }
    return null;
  }

  /** @param {Fault} fault */
  #refuse({ detail, field }) {
    this.message.textContent = detail;
    const name = field?.split(".").at(-1) ?? "";
    const input = this.root.querySelector(`[data-recipe="${CSS.escape(name)}"] input`);
    if (!(input instanceof HTMLInputElement)) return;
    input.setAttribute("aria-invalid", "true");
    for (let fold = input.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
    input.focus();
  }
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const THOUSANDS = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** The number that was typed; anything else stays as it is, for the service to refuse. @param {string} typed */
export function numberIn(typed) {
  const plain = THOUSANDS.test(typed) ? typed.replaceAll(",", "") : typed;
  return NUMBER.test(plain) ? Number(plain) : typed;
}

/** How many machines a job has produced. @param {Job | undefined} job */
export const machinesOf = (job) => (job ? job.checkpoints + Number(job.checkpoint !== null) : 0);

/** A summary for when the jobs are folded away. @param {Job[]} jobs */
export function inShort(jobs) {
  const training = jobs.find(({ state }) => state === "running");
  const waiting = jobs.filter(({ state }) => state === "queued").length;
  const paused = jobs.filter(({ state }) => state === "paused").length;
  const { sequences = 0, total = 1 } = training?.progress ?? {};
  return [
    training && `${training.id} is at ${Math.floor((100 * sequences) / total)} %`,
    waiting && `${waiting} waiting`,
    paused && `${paused} paused`,
  ]
    .filter(Boolean)
    .join(" · ");
}

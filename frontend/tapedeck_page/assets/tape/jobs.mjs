/**
 * The list of trainings: the one that runs with its curve, then those that wait, are paused or are over.
 *
 * @typedef {import("./training.mjs").Job} Job
 * @typedef {import("./training.mjs").Progress} Progress
 */

import { figureOfTraining } from "./curves.mjs";
import { element, find, say } from "#viewer/draw/dom.mjs";
import { grouped } from "./sequences/problem.mjs";
import { worded } from "./worded.mjs";

/** How many jobs that are over stay listed. */
const MOST_OVER = 3;
const OVER = ["finished", "stopped"];
const HALFWAY = ["paused", "failed"];

/** What can be done with a job, by its state. @type {{[state: string]: [string, string][]}} */
const ACTIONS = {
  running: [["pause", "Pause"], ["stop", "Stop"], ["watch", "Watch its film"]],
  queued: [["pause", "Pause"], ["stop", "Stop"]],
  paused: [["resume", "Resume"], ["stop", "Stop"], ["watch", "Watch its film"]],
  failed: [["resume", "Resume"], ["stop", "Stop"]],
  finished: [["watch", "Watch its film"]],
  stopped: [["watch", "Watch its film"]],
  unreadable: [],
};

export class JobList {
  /**
   * @param {HTMLElement} root
   * @param {(job: Job, action: string) => void} act called when a button of a job is pressed
   * @param {(figure: import("./curves.mjs").Figure | null) => void} draw called with the curve; null where there is none
   */
  constructor(root, act, draw) {
    this.root = root;
    this.act = act;
    this.draw = draw;
    this.curve = new TrainingCurve(draw);
    /** The job whose curve is drawn. @type {Job | undefined} */
    this.curved = undefined;
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    /** Jobs with a request that has not been answered yet. @type {Set<string>} */
    this.asked = new Set();
    /** @type {Job[]} */
    this.jobs = [];
    root.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      const job = this.jobs.find(({ id }) => id === button?.closest("article")?.dataset.job);
      if (button && job) act(job, button.dataset.job ?? "");
    });
  }

  /** @param {Job[]} jobs */
  show(jobs) {
    const over = jobs.filter(({ state }) => OVER.includes(state)).slice(0, MOST_OVER);
    this.jobs = jobs.filter((job) => !OVER.includes(job.state) || over.includes(job));
    const before = this.curved;
    this.curved = curvedOf(this.jobs);
    if (before && !this.curved) this.draw(null);
    for (const [id, row] of this.rows) {
      if (!this.jobs.some((job) => job.id === id)) row.remove();
    }
    this.rows = new Map(this.jobs.map((job) => [job.id, this.rows.get(job.id) ?? rowFor(job)]));
    const order = [...this.rows.values()];
    if (order.some((row, index) => this.root.children[index] !== row)) this.root.append(...order);
    for (const job of this.jobs) this.#fill(/** @type {HTMLElement} */ (this.rows.get(job.id)), job);
  }

  /** Disables a job's buttons until the request of one of them is done. @param {Job} job @param {Promise<unknown>} deed */
  async hold({ id }, deed) {
    this.asked.add(id);
    this.#bar(id);
    await deed;
    this.asked.delete(id);
    this.#bar(id);
  }

  /** @param {string} id */
  #bar(id) {
    this.rows.get(id)?.querySelectorAll("button").forEach((button) => (button.disabled = this.asked.has(id)));
  }

  /** @param {HTMLElement} row @param {Job} job */
  #fill(row, job) {
    const whole = job === this.curved;
    row.dataset.state = job.state;
    row.classList.toggle("job-whole", whole);
    say(find("[data-job=state]", row), stateOf(job));
    say(find("[data-job=error]", row), worded(job.error?.detail ?? ""));
    say(find("[data-job=brief]", row), whole ? "" : briefly(job));
    const actions = find(".job-actions", row);
    if (actions.dataset.state !== job.state) {
      actions.dataset.state = job.state;
      actions.replaceChildren(...(ACTIONS[job.state] ?? []).map(([action, label]) => buttonFor(job, action, label)));
      this.#bar(job.id);
    }
    if (whole) this.curve.showIn(row, job);
    else row.querySelectorAll(".job-curve, .job-numbers").forEach((each) => each.remove());
  }
}

/** The curve of one job over its sequences, which has a place of its own; a progress bar and the numbers in the job's. */
class TrainingCurve {
  /** @param {(figure: import("./curves.mjs").Figure) => void} draw */
  constructor(draw) {
    this.draw = draw;
    this.bar = element("div", "job-bar");
    this.bar.append(element("div", "job-done"));
    for (const [name, value] of Object.entries({ role: "progressbar", "aria-label": "Training", "aria-valuemin": "0" })) {
      this.bar.setAttribute(name, value);
    }
    this.ends = element("div", "job-ends");
    this.curve = element("div", "job-curve");
    /** What is wrong with the file of its metrics. */
    this.problem = element("p", "job-error");
    this.curve.append(this.bar, this.ends, this.problem);
    this.numbers = element("dl", "job-numbers");
    this.id = "";
    /** @type {Progress[]} */
    this.lines = [];
    /** What was reported since the last line. @type {Progress[]} */
    this.latest = [];
  }

  /** How many sequences the known lines reach to; a run that was set back has other lines. @param {Job} job */
  after(job) {
    const last = this.lines.at(-1)?.sequences ?? -1;
    if (this.id !== job.id || (job.progress && job.progress.sequences < last)) this.lines = this.latest = [];
    if (this.id !== job.id) this.problem.textContent = "";
    this.id = job.id;
    return this.lines.at(-1)?.sequences ?? -1;
  }

  /** @param {Job} job @param {{lines: Progress[], error: {detail: string} | null}} metrics */
  take(job, { lines, error }) {
    if (job.id !== this.id) return;
    say(this.problem, worded(error?.detail ?? ""));
    if (lines.length === 0) return;
    this.lines.push(...lines.filter(({ sequences }) => sequences > (this.lines.at(-1)?.sequences ?? -1)));
    this.#draw(job);
  }

  /** @param {HTMLElement} row @param {Job} job */
  showIn(row, job) {
    if (this.curve.parentElement !== row) row.append(this.curve, this.numbers);
    this.after(job);
    const { sequences = 0, total = job.recipe.sequences } = job.progress ?? {};
    this.bar.setAttribute("aria-valuemax", String(total));
    this.bar.setAttribute("aria-valuenow", String(sequences));
    this.bar.setAttribute("aria-valuetext", `${grouped(sequences)} of ${grouped(total)} sequences`);
    /** @type {HTMLElement} */ (this.bar.firstElementChild).style.transform = `scaleX(${sequences / total})`;
    this.ends.replaceChildren(element("span", "", `${grouped(sequences)} of ${grouped(total)} sequences`), element("span", "", pace(job)));
    this.numbers.replaceChildren(...numbersOf(job).map(([label, value, line]) => entry(label, value, line)));
    this.#draw(job);
  }

  /** @param {Job} job */
  #draw({ id, progress, recipe }) {
    const last = this.lines.at(-1)?.sequences ?? -1;
    this.latest = this.latest.filter(({ sequences }) => sequences > last);
    if (progress && progress.sequences > (this.latest.at(-1)?.sequences ?? last)) this.latest.push(progress);
    const reports = [...this.lines, ...this.latest];
    this.draw(figureOfTraining(id, reports, reports.at(-1)?.total ?? recipe.sequences));
  }
}

/** @param {Job} job */
function rowFor({ id, recipe }) {
  const row = element("article", "job");
  row.dataset.job = id;
  row.setAttribute("aria-label", `Training ${id}`);
  const title = element("h3", "", id);
  title.title = Object.entries(recipe)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join("\n");
  const what = element("div", "job-what");
  what.append(title, marked("span", "state"), marked("span", "brief"), element("div", "job-actions"), marked("p", "error"));
  row.append(what);
  return row;
}

/** @param {"span" | "p"} tag @param {string} name */
function marked(tag, name) {
  const made = element(tag, `job-${name}`);
  made.dataset.job = name;
  return made;
}

/** @param {Job} job @param {string} action @param {string} label */
function buttonFor({ id }, action, label) {
  const button = element("button", "quiet", label);
  button.type = "button";
  button.dataset.job = action;
  button.setAttribute("aria-label", `${label}: ${id}`);
  return button;
}

/** The job whose curve is drawn: the one that trains, or else the first with something to show. @param {Job[]} jobs */
export function curvedOf(jobs) {
  return jobs.find(({ state, progress }) => state === "running" || (HALFWAY.includes(state) && progress?.sequences));
}

/** Where a job stands, in words. @param {Job} job */
export function stateOf({ state, place, progress, compiled }) {
  if (state === "queued") return place === 1 ? "waiting, next in line" : `waiting, number ${place} in line`;
  if (state === "unreadable") return "cannot be read";
  if (state !== "running") return state;
  if (!progress) return "starting";
  return compiled === null ? "compiling" : "training";
}

/** What is said of a job without a curve. @param {Job} job */
export function briefly({ recipe, progress, state }) {
  if (state === "unreadable") return "";
  const { sequences = 0, total = recipe.sequences, validation_errors: wrong = null } = progress ?? {};
  const seen = sequences < total ? `${grouped(sequences)} of ${grouped(total)} sequences` : `${grouped(total)} sequences`;
  return state === "queued" || wrong === null ? seen : `${seen} · ${grouped(wrong)} wrong bits in validation`;
}

/** What stands beside the curve: label, value, and the line that it belongs to. @param {Job} job @returns {[string, string, string][]} */
function numbersOf({ progress }) {
  const { loss = null, bit_error_rate: rate = null, validation_errors: wrong = null } = progress ?? {};
  return [
    ["loss", loss === null ? "–" : loss.toPrecision(2), "of-loss"],
    ["bit error rate", rate === null ? "–" : rate.toFixed(3), "of-errors"],
    ["wrong bits in validation", wrong === null ? "–" : grouped(wrong), ""],
  ];
}

/** How fast it trains. @param {Job} job */
export function pace({ sequences_per_second: speed, seconds_left: left, state }) {
  if (state !== "running" || speed === null || left === null) return "";
  return `${grouped(Math.round(speed))} per second · ${duration(left)} left`;
}

/** @param {number} seconds */
export function duration(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** @param {string} label @param {string} value @param {string} line */
function entry(label, value, line) {
  const both = element("div", line);
  both.append(element("dt", "", label), element("dd", "", value));
  return both;
}

/**
 * Prepared experiments: a question, a prediction to make, and what becomes of it. The machine runs as it is until a prediction is made;
 * then it is changed, and it is said what to look for. What they are stands in `experiments.json`, which the tests hold to it.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("#viewer/model/interventions.mjs").Change} Change
 * @typedef {{
 *   id: string, task: string, title: string, question: string, choices: string[], answer: number, happens: string, look: string, step: number,
 *   run: {checkpoint: string, input: object, locations: number | null, interventions: Change[]},
 * }} Experiment `answer` is the place of the right choice, `step` where there is something to see
 * @typedef {{open: (request: Request) => void, change: (changes: Change[], step: number) => void, request: () => Request | null}} Told
 */

import { build } from "#viewer/draw/dom.mjs";
import all from "./experiments.json" with { type: "json" };
import { lengthened } from "../link.mjs";
import { button, segments } from "./fields.mjs";

/** @type {Experiment[]} */
export const EXPERIMENTS = /** @type {any} */ (all);

/** The run of an experiment without its changes: its vectors are strings of 0s and 1s where they are kept. @param {Experiment} experiment @returns {Request} */
export function plainRun({ run: { checkpoint, input, locations } }) {
  return { checkpoint, input: JSON.parse(JSON.stringify(input), lengthened), locations, interventions: [] };
}

export class Experiments {
  /** @type {Experiment | null} */
  chosen = null;
  /** The place of the choice that was made; null before one is. @type {number | null} */
  predicted = null;

  /** @param {Told} told */
  constructor(told) {
    this.told = told;
    this.summary = build("summary", {}, "Experiments");
    this.list = build("ol", { class: "experiments-list" });
    this.question = build("p", { class: "experiment-question" });
    this.title = build("h3", { tabindex: "-1" });
    this.choices = segments("Your prediction", "experiment-choices", (choice) => this.#predict(Number(choice)));
    this.verdict = build("p", { class: "experiment-verdict" });
    this.happens = build("p", {});
    this.look = build("p", { class: "hint" });
    this.outcome = build("div", { class: "experiment-outcome", role: "status" }, this.verdict, this.happens, this.look);
    const next = button("Next experiment", "next-experiment", () => this.#next());
    const back = button("All experiments", "all-experiments", () => this.#leave());
    this.card = build("div", { class: "experiment", hidden: "" }, this.title, this.question, this.choices.root, this.outcome, build("div", { class: "lab-tools" }, back, next));
    this.root = build("details", { class: "lab-part experiments" }, this.summary, this.list, this.card);
    this.#list();
  }

  #list() {
    const tasks = [...new Set(EXPERIMENTS.map(({ task }) => task))];
    this.list.replaceChildren(...tasks.map((task) => {
      const own = EXPERIMENTS.filter((each) => each.task === task).map((each) => build("li", {}, button(each.title, `experiment-${each.id}`, () => this.choose(each))));
      return build("li", {}, build("h3", {}, task[0].toUpperCase() + task.slice(1).replaceAll("_", " ")), build("ol", {}, ...own));
    }));
  }

  /** Its machine runs as it is. @param {Experiment} experiment */
  choose(experiment) {
    this.chosen = experiment;
    this.predicted = null;
    this.#show();
    this.told.open(plainRun(experiment));
    this.title.focus();
  }

  /** The tape shows another run: an experiment is asked about once its own is there. */
  show() {
    if (this.chosen) this.#show();
  }

  /** Whether the tape shows the run that the experiment is about. */
  get #isThere() {
    const request = this.told.request();
    return this.chosen !== null && request !== null && JSON.stringify({ ...request, interventions: [] }) === JSON.stringify(plainRun(this.chosen));
  }

  #show() {
    const { chosen, predicted } = this;
    this.card.hidden = chosen === null;
    this.list.hidden = chosen !== null;
    if (!chosen) return;
    this.title.textContent = chosen.title;
    this.question.textContent = chosen.question;
    this.choices.show(chosen.choices.map((words, index) => [String(index), words, !this.#isThere]), String(predicted ?? ""));
    this.outcome.hidden = predicted === null;
    if (predicted === null) return;
    const right = predicted === chosen.answer;
    this.verdict.textContent = right ? "✓ As you said." : `✕ It is otherwise: ${lowered(chosen.choices[chosen.answer])}.`;
    this.verdict.dataset.state = right ? "exact" : "wrong";
    this.happens.textContent = chosen.happens;
    this.look.textContent = `What to look for: ${chosen.look}`;
  }

  /** @param {number} choice */
  #predict(choice) {
    if (!this.chosen) return;
    this.predicted = choice;
    this.#show();
    this.told.change(this.chosen.run.interventions, this.chosen.step);
  }

  #next() {
    const place = this.chosen ? EXPERIMENTS.indexOf(this.chosen) : -1;
    this.choose(EXPERIMENTS[(place + 1) % EXPERIMENTS.length]);
  }

  #leave() {
    this.chosen = null;
    this.#show();
    this.summary.focus();
  }
}

/** @param {string} words */
const lowered = (words) => words[0].toLowerCase() + words.slice(1);

/**
 * The machines and the tasks that the service lists.
 *
 * @typedef {import("./task.mjs").Machine} Machine
 * @typedef {import("./task.mjs").TaskDocument} TaskDocument
 */

import { addressOf } from "./root.mjs";

export class Listed {
  /** Those that cannot be read among them. @type {(Machine & {error?: string})[]} */
  machines = [];
  /** @type {TaskDocument[]} */
  tasks = [];
  /** How often it was asked for: of two answers the later one counts. */
  #asked = 0;

  /** Asks anew. @returns {Promise<boolean>} whether there is another list now: false where the service is away */
  async ask() {
    this.#asked += 1;
    const asked = this.#asked;
    const answers = await Promise.all(["api/checkpoints", "api/tasks"].map(answer));
    if (asked !== this.#asked || answers.includes(null)) return false;
    [this.machines, this.tasks] = answers;
    return true;
  }

  /** @param {string | null | undefined} machine */
  has(machine) {
    return this.machines.some(({ id, error }) => id === machine && !error);
  }

  /** The first of these machines that is here, else the best of the first task that has one; null where there is none. @param {(string | null | undefined)[]} wanted */
  choose(...wanted) {
    const readable = this.machines.filter(({ error }) => !error);
    const ofTask = (/** @type {string} */ name) => readable.find(({ task }) => task === name);
    const [best = readable[0]] = this.tasks.flatMap(({ name }) => ofTask(name) ?? []);
    return wanted.find((each) => this.has(each)) ?? best?.id ?? null;
  }
}

/** What the service answers; null where it does not, of which the stream and the chooser tell. @param {string} path @returns {Promise<any>} */
async function answer(path) {
  try {
    const told = await fetch(addressOf(path));
    return told.ok ? await told.json() : null;
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

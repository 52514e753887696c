/**
 * The changes of an experiment on their way to another machine. Those that it does not have are left out, one after another as the service
 * refuses them, and said in a sentence; one step back brings all of them again.
 *
 * @typedef {import("#viewer/model/interventions.mjs").Change} Change
 */

import { isChange, wordsOf } from "#viewer/model/interventions.mjs";

export class Moving {
  /** The machine that the changes are known to be of. */
  #of = "";
  /** What was left out on the way, in words; null where they are not on any. @type {string[] | null} */
  #left = null;

  /** @param {import("#viewer/model/changes.mjs").Changes} changes */
  constructor(changes) {
    this.changes = changes;
  }

  /** A run is asked for, with changes that may be made elsewhere. @param {string} checkpoint @param {readonly Change[]} interventions */
  follow(checkpoint, interventions) {
    if (JSON.stringify(interventions) !== JSON.stringify(this.changes.list)) {
      this.changes.begin(interventions.filter(isChange)); // the service says what is wrong with the others
      this.#of = checkpoint;
    }
    if (checkpoint === this.#of) this.#left = null;
    else if (interventions.length > 0) this.#left ??= [];
  }

  /** The machine does not have a change. @param {number} index @param {import("#viewer/model/interventions.mjs").Run} run that says it in words @returns {boolean} whether it is tried without */
  leaveOut(index, run) {
    const { changes } = this;
    if (!this.#left || !(index < changes.list.length)) return false;
    const left = this.#left;
    left.push(wordsOf(changes.list[index], run).slice(0, -1));
    changes.become(changes.list.filter((_, place) => place !== index), left);
    return true;
  }

  /** Their run is there. @param {string} checkpoint @returns {string} what was left out; empty where nothing was */
  arrive(checkpoint) {
    const left = this.#left ?? [];
    this.#left = null;
    this.#of = checkpoint;
    if (left.length === 0) return "";
    const [are, them] = left.length === 1 ? ["One change is", "it"] : [`${left.length} changes are`, "them"];
    return `${are} left out, which this machine or its task does not have: ${left.join("; ")}. Undo brings ${them} back.`;
  }
}

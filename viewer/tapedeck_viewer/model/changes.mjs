/**
 * The changes of an experiment, in the order in which they are made, with a way back and forward through what was done to them. What is
 * done in one gesture, such as a drag, is undone at once.
 *
 * @typedef {import("./interventions.mjs").Change} Change
 */

import { isSame, siteOf } from "./interventions.mjs";
import { yieldedTo } from "./overlaps.mjs";

/** So much can be undone. */
const MOST = 100;

export class Changes extends EventTarget {
  /** @type {readonly Change[]} */
  list = [];
  /** @type {(readonly Change[])[]} */
  #past = [];
  /** @type {(readonly Change[])[]} */
  #future = [];
  /** The gesture that the last change was part of. @type {unknown} */
  #gesture = undefined;

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /**
   * Makes a change, in the place of one of the same numbers at the same steps.
   *
   * @param {Change} change @param {import("./interventions.mjs").Run} run that it is of @param {unknown} gesture that it is part of
   */
  put(change, run, gesture = undefined) {
    this.#become(withOne(this.list, change, run), gesture);
  }

  /** Makes several at once. @param {Change[]} changes @param {import("./interventions.mjs").Run} run that they are of */
  putAll(changes, run) {
    this.#become(changes.reduce((/** @type {readonly Change[]} */ list, change) => withOne(list, change, run), this.list));
  }

  /** Another in the place of one. @param {number} index @param {Change} change @param {unknown} gesture */
  replace(index, change, gesture = undefined) {
    this.#become(this.list.map((each, place) => (place === index ? change : each)), gesture);
  }

  /** Where the same change stands; -1 where it does not. @param {Change} change */
  indexOf(change) {
    return this.list.findIndex((each) => isSame(each, change));
  }

  /** @param {number} index */
  remove(index) {
    this.#become(this.list.filter((_, place) => place !== index));
  }

  clear() {
    if (this.list.length > 0) this.#become([]);
  }

  /** Others altogether, which can be undone. @param {readonly Change[]} list @param {unknown} gesture */
  become(list, gesture = undefined) {
    this.#become([...list], gesture);
  }

  /** Others altogether, which were made elsewhere: there is no way back to those before. @param {readonly Change[]} list */
  begin(list) {
    this.#past = [];
    this.#future = [];
    this.#gesture = undefined;
    this.list = list;
    this.dispatchEvent(new Event("begin"));
  }

  undo() {
    this.#move(this.#past, this.#future);
  }

  redo() {
    this.#move(this.#future, this.#past);
  }

  /** @param {(readonly Change[])[]} from @param {(readonly Change[])[]} to */
  #move(from, to) {
    const list = from.pop();
    if (!list) return;
    to.push(this.list);
    this.list = list;
    this.#gesture = undefined;
    this.dispatchEvent(new Event("change"));
  }

  /** @param {readonly Change[]} list @param {unknown} gesture */
  #become(list, gesture = undefined) {
    const goesOn = gesture !== undefined && gesture === this.#gesture;
    if (!goesOn) this.#past = [...this.#past, this.list].slice(-MOST);
    this.#gesture = gesture;
    this.#future = [];
    this.list = list;
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {readonly Change[]} list @param {Change} change @param {import("./interventions.mjs").Run} run */
function withOne(list, change, run) {
  const site = siteOf(change);
  const rest = yieldedTo(list, change, run);
  const at = rest.findIndex((each) => siteOf(each) === site);
  return at < 0 ? [...rest, change] : rest.map((each, index) => (index === at ? change : each));
}

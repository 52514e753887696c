/**
 * The one machine that is chosen: the user chooses it, or the tape shows another, such as a checkpoint of a film. The chooser is
 * Dash's, hears of things later, and may say names again that it was told before.
 *
 * @typedef {{name: (machine: string) => void, atChooser: () => boolean}} Told `name` has the chooser name a machine, `atChooser`
 *   says whether the user is at it
 */

export class Chosen {
  /** @type {string | null} */
  machine = null;
  /** The machine that the chooser was last told to name, until it says so. @type {string | null} */
  named = null;
  /** All that it was told to name since the user chose: it may say each of them again, later than the next. @type {Set<string | null>} */
  own = new Set();
  /** The machine that the chooser named last. @type {string | null} */
  heard = null;

  /** @param {Told} told */
  constructor(told) {
    this.told = told;
  }

  /**
   * What the chooser says: what the tape shows counts until it names that.
   *
   * @param {string | null} machine
   * @param {string[]} changed ids of the components that have changed
   * @returns {boolean} whether the user has chosen one
   */
  hear(machine, changed) {
    const { named, machine: known, heard } = this;
    const speaks = changed.includes("machine");
    this.heard = machine;
    const another = speaks && !this.#isEcho(machine, changed);
    if (named === null) {
      if (another) this.own.clear();
      if (another || !speaks) this.machine = machine;
      if (this.machine !== null && this.machine !== machine) this.name(this.machine);
      return another;
    }
    // Dash may tell once more what it told before, while it has yet to hear the name.
    const chosen = another && machine !== named && machine !== heard;
    if (chosen) this.machine = machine;
    if (chosen || (speaks && machine === named)) this.named = null;
    if (chosen) this.own.clear();
    // It names one of before: then it may have dropped what it was told since, and is told again.
    else if (speaks && known !== null && known !== machine) this.name(known);
    return chosen;
  }

  /** The tape shows a machine that was not chosen: now it is the chosen one. @param {string} machine */
  follow(machine) {
    if (machine === this.machine) return;
    this.machine = machine;
    if (this.named === null) this.name(machine);
  }

  /** Tells the chooser, once at a time: a film moves on faster than it can follow. @param {string} machine */
  name(machine) {
    this.named = machine;
    this.own.add(machine);
    this.told.name(machine);
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
}

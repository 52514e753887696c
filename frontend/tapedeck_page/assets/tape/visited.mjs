/**
 * The runs that the page has shown, as the browser's history holds them: what leads back and forward through them within the page.
 *
 * Every entry of the history that this page makes, or finds, is numbered in its state, one more than the one before: so another
 * entry is so many steps away, whatever pages lie between.
 *
 * @typedef {{place: number, words: string}} Visit the number of an entry, and the run that it shows, in words
 */

/** So many runs can be gone back to. */
const MOST = 50;

export class Visited {
  /** In the order of the history. @type {Visit[]} */
  visits = [];
  /** Called when something has changed. */
  changed = () => {};

  /** @param {AbortSignal} signal when the page is taken away */
  constructor(signal) {
    /** The number of the entry that is shown. */
    this.place = placeOf(history.state) ?? 0;
    this.#number(location.href);
    for (const moved of ["popstate", "hashchange"]) window.addEventListener(moved, () => this.#moved(), { signal });
  }

  /** The run before the one that is shown, and the one after it: on other pages it is still the last one. @returns {{back: Visit | undefined, forward: Visit | undefined}} */
  get around() {
    const { visits, place } = this;
    const until = visits.filter((visit) => visit.place <= place);
    return { back: until.at(-2), forward: visits[until.length] };
  }

  /** Another entry, in the place of all that came after this one. @param {string} url */
  push(url) {
    this.#forget(this.place + 1);
    this.place += 1;
    history.pushState({ ...history.state, place: this.place }, "", url);
  }

  /** Another address in this entry. @param {string} url */
  replace(url) {
    this.#number(url);
  }

  /** What this entry shows. @param {string} words */
  show(words) {
    const { place } = this;
    const known = this.visits.find((visit) => visit.place === place);
    if (known) known.words = words;
    else this.visits = [...this.visits, { place, words }].sort((a, b) => a.place - b.place).slice(-MOST);
    this.changed();
  }

  /** An entry shows no run any more that can be gone back to. @param {number} place */
  drop(place) {
    this.visits = this.visits.filter((visit) => visit.place !== place);
    this.changed();
  }

  /** @param {"back" | "forward"} way */
  go(way) {
    const visit = this.around[way];
    if (visit) history.go(visit.place - this.place);
  }

  /** The user has moved in the history, or an entry was made by a link. */
  #moved() {
    const place = placeOf(history.state);
    if (place === null) this.#forget(this.place + 1);
    this.place = place ?? this.place + 1;
    if (place === null) this.#number(location.href);
    this.changed();
  }

  /** @param {string} url */
  #number(url) {
    history.replaceState({ ...history.state, place: this.place }, "", url);
  }

  /** @param {number} from this number on */
  #forget(from) {
    this.visits = this.visits.filter(({ place }) => place < from);
  }
}

/** @param {unknown} state of an entry of the history @returns {number | null} */
function placeOf(state) {
  const place = typeof state === "object" && state !== null && "place" in state ? state.place : null;
  return typeof place === "number" ? place : null;
}

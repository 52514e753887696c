/**
 * The one Play of the page. Where there is a film it plays the training, checkpoint after checkpoint at the step where the cursor
 * stands, or the steps of the checkpoint that is shown: a switch beside the button says which. Elsewhere it plays the steps.
 *
 * @typedef {import("#viewer/model/cursor.mjs").TimeCursor} TimeCursor
 * @typedef {import("./film.mjs").Film} Film
 * @typedef {"training" | "steps"} Choice
 */

import { build } from "#viewer/draw/dom.mjs";

const CHOICES = /** @type {const} */ (["training", "steps"]);
/** At speed 1. */
const PACE = { training: "four checkpoints", steps: "ten steps" };

export class Plays {
  /** @type {Choice} */
  choice = "training";

  /** @param {TimeCursor} cursor @param {Film} film @param {() => boolean} there whether the film can be seen */
  constructor(cursor, film, there) {
    this.cursor = cursor;
    this.film = film;
    this.there = there;
    /** Called when it plays something else, or begins or ends to. */
    this.changed = () => {};
    this.buttons = CHOICES.map((choice) => build("button", { type: "button", "data-plays": choice }, choice));
    this.root = build("div", { class: "plays", role: "group", "aria-label": "What Play plays" }, ...this.buttons);
    // A press leaves the focus where it is, so that the space bar still is the player's.
    this.root.addEventListener("pointerdown", (event) => event.preventDefault());
    this.buttons.forEach((button, index) => button.addEventListener("click", () => this.choose(CHOICES[index])));
    this.#show();
  }

  /** What a press of Play would play. @returns {Choice} */
  get what() {
    return this.offered ? this.choice : "steps";
  }

  /** Whether there is a training to play. */
  get offered() {
    return this.there() && this.film.playable;
  }

  get playing() {
    return this.cursor.playing || this.film.playing;
  }

  /** What the button says that it would play; nothing where there is no choice. */
  get words() {
    return this.offered ? ` the ${this.what}` : "";
  }

  /** @param {Choice} choice */
  choose(choice) {
    this.pause();
    this.choice = choice;
    this.update();
  }

  toggle() {
    if (this.playing) this.pause();
    else if (this.what === "training") this.film.setPlaying(true);
    else this.cursor.play();
  }

  pause() {
    this.cursor.pause();
    this.film.setPlaying(false);
  }

  /** The film takes the player's speed and its loop. @param {number} seconds */
  advance(seconds) {
    this.film.advance(seconds * this.cursor.speed, this.cursor.loop);
  }

  /** Whether it plays, or what there is to play, has changed. */
  update() {
    this.#show();
    this.changed();
  }

  #show() {
    this.root.hidden = !this.offered;
    this.buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.plays === this.what)));
  }

  /** How fast speed 1 is. */
  get pace() {
    return PACE[this.what];
  }
}

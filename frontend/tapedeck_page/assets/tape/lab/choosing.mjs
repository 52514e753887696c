/**
 * Choosing a point of a sweep's picture, and making the change that it stands for: by pointer and by keys; a finger chooses first.
 */

import { listenToPresses } from "#viewer/views/presses.mjs";

/**
 * @typedef {object} Picture
 * @property {number} count of the points that have come
 * @property {number | null} chosen
 * @property {(event: PointerEvent) => number | null} at the point that is pointed at
 * @property {(key: string) => number | null | undefined} moved where a key goes: to no point, or undefined where it is none that moves
 * @property {(index: number | null) => void} choose
 * @property {{make: (index: number) => void}} told
 */

/** @param {HTMLElement} plot @param {Picture} picture */
export function listenToChoices(plot, picture) {
  listenToPresses(plot, {
    hover: (event) => picture.choose(picture.at(event)),
    leave: () => {},
    press: (event) => {
      const index = picture.at(event);
      picture.choose(index);
      if (index !== null && event.pointerType !== "touch") picture.told.make(index);
    },
  });
  plot.addEventListener("keydown", (event) => {
    if (picture.count === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const enters = event.key === "Enter";
    const index = enters ? picture.chosen : picture.moved(event.key);
    if (index === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the tape's own keys walk its steps
    if (index === null) return;
    if (enters) picture.told.make(index);
    else picture.choose(index);
  });
}

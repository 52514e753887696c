/**
 * What parts of the page do through Dash, whose components the choosers and curves are.
 *
 * @typedef {import("./deck.mjs").Dash} Dash
 * @typedef {import("./composer.mjs").Told} OfComposer
 */

/** @param {Dash} dash @param {Pick<OfComposer, "run" | "type" | "changes" | "show">} own what the deck does itself @returns {OfComposer} */
export const composerDeeds = ({ tell, ids }, own) => ({
  ...own,
  name: (machine) => tell(ids.machine, { value: machine }),
  atChooser: () => document.activeElement?.id === ids.machine,
  locations: () => /** @type {HTMLInputElement | null} */ (document.querySelector("#locations"))?.value ?? "",
  setLocations: (locations) => tell(ids.locations, { value: locations ?? "" }),
});

/** @param {Dash} dash @param {import("./chosen.mjs").Chosen} chosen @param {import("./notice.mjs").Notice} notice @returns {import("./training.mjs").Deeds} */
export const trainingDeeds = ({ tell, ids }, chosen, notice) => ({
  machines: (count) => tell(ids.service, { data: `machines ${count}` }),
  choose: (id) => {
    chosen.own.delete(id); // chosen, though it may have been shown before
    tell(ids.machine, { value: id });
  },
  seed: (seed) => tell(ids.seed, { value: String(seed) }),
  done: (sentence) => notice.show(sentence, "done"),
  draw: (figure) => tell(ids.training, { data: figure }),
});

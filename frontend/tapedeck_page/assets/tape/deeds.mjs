/**
 * What parts of the page do through Dash, whose components the choosers and curves are.
 *
 * @typedef {import("./dash.mjs").Dash} Dash
 * @typedef {import("./composer.mjs").Told} OfComposer
 */

/** @param {Dash} dash @param {Pick<OfComposer, "run" | "type" | "changes" | "show">} own what the deck does itself @returns {OfComposer} */
export const composerDeeds = (dash, own) => ({
  ...own,
  name: (machine) => dash.tell(dash.ids.machine, { value: machine }),
  atChooser: () => document.activeElement?.id === dash.ids.machine,
  locations: () => String(dash.untold(dash.ids.locations, "value") ?? valueOf(dash.ids.locations)),
  setLocations: (locations) => dash.tell(dash.ids.locations, { value: locations ?? "" }),
});

/** @param {Dash} dash @param {import("./chosen.mjs").Chosen} chosen @param {import("./notice.mjs").Notice} notice @param {() => void} list lists the machines anew @returns {import("./training.mjs").Deeds} */
export const trainingDeeds = (dash, chosen, notice, list) => ({
  machines: (count) => {
    dash.tell(dash.ids.service, { data: `machines ${count}` });
    list();
  },
  choose: (id) => {
    chosen.own.delete(id); // chosen, though it may have been shown before
    dash.tell(dash.ids.machine, { value: id });
  },
  seed: (seed) => dash.tell(dash.ids.seed, { value: String(seed) }),
  done: (sentence) => notice.show(sentence, "done"),
  draw: (figure) => dash.tell(dash.ids.training, { data: figure }),
});

/** Of a field, where Dash has made it. @param {string} id */
const valueOf = (id) => /** @type {HTMLInputElement | null} */ (document.getElementById(id))?.value ?? "";

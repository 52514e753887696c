/**
 * Which pictures of a run there are, and how the service is asked for one: the page draws none itself.
 *
 * @typedef {{name: string, kind: string}} Head
 * @typedef {{heads: Head[], fields: {name: string, role?: string}[]}} Description of a run
 * @typedef {{label: string, options: {name: string, title: string}[]}} Group
 * @typedef {{picture: string, step: number, rows: number[]}} Shot what the page shows: a picture's name, the cursor's step (−1 before
 *     the first), the locations from top to bottom
 */

import { titleOf } from "#viewer/model/titles.mjs";

export const FIGURE = "figure";
const MEMORY = "memory";
const TAPE = ["inputs", "outputs", "targets"];
/** What of a head stands on the tape, and not among its stages. */
const OF_HEADS = ["add_vector", "read_vector", "weighting"];
/** The service draws no more locations. */
const MOST_LOCATIONS = 1024;

/** All that can be taken away by itself. @param {Description} description @returns {Group[]} */
export function picturesOf({ heads, fields }) {
  const option = (/** @type {string} */ name) => ({ name, title: titleOf(name, heads) });
  const named = fields.map(({ name }) => name);
  const ofHeads = OF_HEADS.flatMap((stage) => heads.map(({ name }) => `${name}.${stage}`)).filter((name) => named.includes(name));
  const origins = heads.filter(({ kind }) => kind === "read").map(({ name }) => option(`${name}.origins`));
  const shown = [...TAPE, ...ofHeads];
  const others = named.filter((name) => !shown.includes(name));
  return [
    { label: "The tape", options: [{ name: FIGURE, title: "Verification figure" }, ...shown.map(option), option(MEMORY), ...origins] },
    { label: "Stages and controller", options: others.map(option) },
  ];
}

/** How the service is asked for it: the query of the address. @param {Shot} shot */
export function queryOf({ picture, step, rows }) {
  const query = new URLSearchParams();
  if (step >= 0 || picture === MEMORY) query.set("step", String(Math.max(0, step)));
  if (rows.length > 0 && rows.length <= MOST_LOCATIONS) query.set("rows", `${rows[0]}-${rows[rows.length - 1]}`);
  if (picture !== FIGURE) query.set("panel", picture);
  return `?${query}`;
}

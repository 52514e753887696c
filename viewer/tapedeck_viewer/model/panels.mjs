/**
 * Which panels a run has: made from its description. Inputs, outputs and targets; of the head that is looked at on each side,
 * writing on the left and reading on the right, what it adds or reads and its weighting; and the controller, folded away.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./trace.mjs").Head} Head
 * @typedef {import("./axes.mjs").Axis} Axis
 * @typedef {{
 *   name: string, title: string, word: string, role: string, axis: Axis, head: Head | null, shade: string,
 * }} PanelSpec `name` is the field's, `shade` that of its head among several
 * @typedef {Record<"write" | "read", string>} Chosen the head that is looked at, by kind
 * @typedef {{heads: Chosen, kept: Chosen}} InView the heads that are looked at, and those that are kept beside them
 */

import appearance from "../appearance.json" with { type: "json" };
import { titleOf, titleOfHead } from "./titles.mjs";
import { wordOf } from "./words.mjs";

/** The role of the vectors that a head of a kind works with. */
const VECTORS = { write: "add", read: "read" };
/** The roles of what comes in and goes out, and of what the controller keeps. */
const [TASK, CONTROLLER] = [["input", "output", "target", "optimum"], ["hidden", "cell"]];
/** What the inspector and the numbers show of a head, beside its vectors. */
const INSPECTED = ["content_weighting", "gated_weighting", "shifted_weighting", "weighting", "interpolation_gate", "key_strength", "sharpening", "shift_weighting"];
export const STRIPS = ["key", "erase", "add", "read"];
/** How many heads of a kind have a colour of their own. */
export const SHADES = 1 + appearance.heads.light.write.length;
/** What is written on the left, what is read on the right. */
export const SIDES = /** @type {const} */ (["write", "read"]);

/** The side that a phase is of: that of its hue. @param {string} role @returns {"write" | "read"} */
export const sideOf = (role) => (/** @type {Record<string, {colour: string}>} */ (appearance.phases)[role]?.colour === "read" ? "read" : "write");

/** The first head of each kind. @param {Trace} trace @returns {Chosen} */
export const firstHeads = ({ writers, readers }) => ({ write: writers[0]?.name ?? "", read: readers[0]?.name ?? "" });

/** The head of a kind that is looked at: the chosen one, or the first where this machine has no such head. @param {Trace} trace @param {"write" | "read"} kind @param {Chosen} chosen */
export function chosenHead(trace, kind, chosen) {
  const heads = headsOf(trace, kind);
  return heads.find(({ name }) => name === chosen[kind]) ?? heads[0];
}

/** The head that is shown beside the chosen one; none where it is that one. @param {Trace} trace @param {"write" | "read"} kind @param {InView} view */
export function keptHead(trace, kind, { heads, kept }) {
  const found = headsOf(trace, kind).find(({ name }) => name === kept[kind]);
  return found === chosenHead(trace, kind, heads) ? undefined : found;
}

/** The heads that are shown large: the chosen ones, and those that are kept beside them. @param {Trace} trace @param {InView} view */
export function headsInView(trace, view) {
  const all = [...SIDES.map((kind) => chosenHead(trace, kind, view.heads)), ...SIDES.map((kind) => keptHead(trace, kind, view))];
  return all.flatMap((head) => head ?? []);
}

/** The name of a head's own colour within the hue of its kind; those of many heads come around. @param {Trace} trace @param {Head} head */
export const shadeOf = (trace, head) => `${head.kind}-${(headsOf(trace, head.kind).indexOf(head) % SHADES) + 1}`;

/** The same where it is one of several, “” where it is alone. @param {Trace} trace @param {Head} head */
export const shadeAmong = (trace, head) => (headsOf(trace, head.kind).length > 1 ? shadeOf(trace, head) : "");

/** @param {Trace} trace @param {"write" | "read"} kind */
export const headsOf = ({ writers, readers }, kind) => (kind === "write" ? writers : readers);

/** What a head is called: with a number where there are several of its kind. @param {Trace} trace @param {Head} head */
export const titleOfHeadIn = (trace, head) => titleOfHead(head, trace.heads);

/** What comes in and goes out. @param {Trace} trace @returns {PanelSpec[]} */
export function panelsOfTask(trace) {
  return TASK.flatMap((role) => fieldsOfRole(trace, role).map((name) => specOf(trace, name)));
}

/** Of both sides, in rows: the vectors that the chosen heads add and read, then their weightings. @param {Trace} trace @param {Chosen} chosen @returns {PanelSpec[]} */
export function panelsOfHeads(trace, chosen) {
  const heads = SIDES.map((kind) => chosenHead(trace, kind, chosen)).filter(Boolean);
  const shown = heads.map((head) => panelsOfHead(trace, head));
  return [0, 1].flatMap((row) => shown.flatMap((names) => names.slice(row, row + 1))).map((name) => specOf(trace, name));
}

/** The fields of a head that have panels: its vectors and its weighting. @param {Trace} trace @param {Head} head */
export const panelsOfHead = (trace, head) => [...fieldsOfRole(trace, VECTORS[head.kind], head), head.weighting];

/** What the controller keeps. @param {Trace} trace @returns {PanelSpec[]} */
export function panelsOfController(trace) {
  return CONTROLLER.flatMap((role) => fieldsOfRole(trace, role).map((name) => specOf(trace, name)));
}

/** What a run has beside all that: of each step a number, or numbers along one axis. @param {Trace} trace */
export function furtherFields(trace) {
  const shown = [...TASK, ...CONTROLLER];
  return [...trace.columns.values()].filter(({ name, role }) => {
    const head = ownerOf(trace, name);
    return !(head ? STRIPS.includes(role) || INSPECTED.includes(name.slice(head.name.length + 1)) : shown.includes(role));
  });
}

/** Of those that have an axis. @param {Trace} trace @returns {PanelSpec[]} */
export const panelsOfFurther = (trace) => furtherFields(trace).flatMap(({ name, axes }) => (axes.length > 0 ? [specOf(trace, name)] : []));

/** The head that a field is of. @param {Trace} trace @param {string} name */
const ownerOf = ({ heads }, name) => heads.find(({ fields }) => [...fields.values()].includes(name)) ?? null;

/** The fields of a role, of a head or of none. @param {Trace} trace @param {string} role @param {Head | null} head */
function fieldsOfRole({ columns }, role, head = null) {
  const own = (/** @type {string} */ name) => (head ? [...head.fields.values()].includes(name) : true);
  return [...columns.values()].filter((column) => column.role === role && own(column.name)).map(({ name }) => name);
}

/** @param {Trace} trace @param {string} name @returns {PanelSpec} */
export function specOf(trace, name) {
  const { role, axes } = trace.column(name);
  const head = ownerOf(trace, name);
  const axis = axes[0] ?? "channel";
  // Channels have names where they are the machine's own.
  return { name, title: titleOf(name, trace.heads), word: wordOf(name), role, axis: axis === "channel" && !TASK.includes(role) ? "element" : axis, head, shade: head ? shadeAmong(trace, head) : "" };
}

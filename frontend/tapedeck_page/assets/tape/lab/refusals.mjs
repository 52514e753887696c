/**
 * What the service has against a change: which one it is, why, and what it is called by whoever sees it alone.
 *
 * @typedef {Pick<import("#viewer/contract/stream.mjs").Fault, "field" | "detail">} Fault
 */

const FIELD = /^interventions\.(\d+)/;
/** What whoever sees the change knows: its place, and what is done. */
const NAMED = /^Intervention \d+(?::| \(\w+\)|)\s*/;
/** So much of something is repeated that has no name. */
const MOST = 40;

/** The place of the change that a fault is about; not a number where it is about none. @param {Fault} fault */
export const placeOf = ({ field }) => Number(FIELD.exec(field ?? "")?.[1] ?? NaN);

/** Why, without the change's place. @param {string} detail */
export const reasonOf = (detail) => detail.replace(NAMED, "");

/** “set read.key”, or what stands in its place. @param {any} change as a link has it */
export function calledBy(change) {
  const text = typeof change?.kind === "string" ? [change.kind, change.target ?? change.head].filter(Boolean).join(" ") : JSON.stringify(change);
  return `“${text.length > MOST ? `${text.slice(0, MOST)}…` : text}”`;
}

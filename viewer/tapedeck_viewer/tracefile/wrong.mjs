/** So much is shown of a value that is wrong. */
const MOST_SHOWN = 40;

/**
 * What is wrong with a file, in one sentence for whoever opened it: which array, what it was to be, and what came. The service says the
 * same (`tapedeck/tracing/files/`).
 */
export class WrongFile extends Error {
  /** @param {string} sentence with or without its full stop */
  constructor(sentence) {
    super(sentence.endsWith(".") ? sentence : `${sentence}.`);
  }
}

/** Numbers as people write them. @param {number} count */
export const grouped = (count) => count.toLocaleString("en");

/** A wrong value as it stood in the text, shortened. @param {unknown} value */
export function shown(value) {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? `“${value}”` : String(value);
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN - 1)}…`;
}

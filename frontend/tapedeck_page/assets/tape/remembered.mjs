/** What this browser remembers of the user's choices. Where it refuses to store anything, they last as long as the page. */

/** @type {Map<string, string>} */
const here = new Map();

/** @param {string} name @returns {string | null} null for what was never chosen */
export function recall(name) {
  if (here.has(name)) return here.get(name) ?? null;
  try {
    return localStorage.getItem(name);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  here.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

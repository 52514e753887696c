/** What stands at the axes of panels, and making and finding elements. */

const PIXELS_PER_TICK = 24;
const DELIMITERS = ["S", "E"];

/** The element of a selector, which the card's page promises. @param {string} selector @param {ParentNode} within */
export function find(selector, within = document) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`The card has no ${selector}.`);
  return found;
}

/** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} className */
export function made(tag, className, words = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}

/** Round numbers below a count. @param {number} count @param {number} most how many */
export function ticks(count, most) {
  const steps = [1, 10, 100, 1000].flatMap((power) => [power, 2 * power, 5 * power]);
  const every = steps.find((step) => (count - 1) / step < most) ?? count;
  return Array.from({ length: Math.floor((count - 1) / every) + 1 }, (_, i) => i * every);
}

/** @param {HTMLElement} axis @param {number} columns @param {number} most */
export function drawColumns(axis, columns, most) {
  axis.replaceChildren(...ticks(columns, most).map((column) => tick(String(column), "left", (column + 0.5) / columns)));
}

/** @param {HTMLElement} axis @param {string[]} names of the rows, from top to bottom @param {number} height */
export function drawRows(axis, names, height) {
  const shown = ticks(names.length, Math.max(2, Math.floor(height / PIXELS_PER_TICK)));
  axis.replaceChildren(...shown.map((row) => tick(names[row], "top", (row + 0.5) / names.length)));
}

/** The first and the last bit, and the delimiters after them. @param {HTMLElement} axis @param {number} rows @param {number} bits */
export function drawChannels(axis, rows, bits) {
  const ends = [tick("0", "top", 0.5 / rows), tick(String(bits - 1), "top", (bits - 0.5) / rows)];
  const after = rows > bits ? DELIMITERS.map((sign, at) => tick(sign, "top", (bits + at + 0.5) / rows)) : [];
  axis.replaceChildren(...ends, ...after);
}

/** @param {string} words @param {"left" | "top"} side @param {number} share of the axis */
function tick(words, side, share) {
  const label = made("span", "tick", words);
  label.style[side] = `${(100 * share).toFixed(3)}%`;
  return label;
}

/** What stands at the axes of panels, and making and finding elements. */

const PIXELS_PER_TICK = 24;
/** What a label takes from top to bottom, in pixels. */
const LABEL = 11;
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

/** The first and the last bit, and the delimiters after them; none that touches another. @param {HTMLElement} axis @param {number} rows @param {number} bits @param {number} height */
export function drawBits(axis, rows, bits, height) {
  const each = height / rows;
  const at = (/** @type {string} */ words, /** @type {number} */ row) => tick(words, "top", (row + 0.5) / rows);
  const first = (bits - 1) * each >= LABEL ? [at("1", 0)] : [];
  const last = rows === bits || 1.5 * each >= LABEL ? [at(String(bits), bits - 1)] : [];
  const apart = each >= LABEL ? DELIMITERS.map((sign, index) => at(sign, bits + index)) : [at(DELIMITERS.join(" "), bits + 0.5)];
  axis.replaceChildren(...first, ...last, ...(rows > bits ? apart : []));
}

/** @param {string} words @param {"left" | "top"} side @param {number} share of the axis */
function tick(words, side, share) {
  const label = made("span", "tick", words);
  label.style[side] = `${(100 * share).toFixed(3)}%`;
  return label;
}

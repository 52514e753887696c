/** Making and finding elements. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/**
 * An element with its attributes and what is in it.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string>} attributes by their names in HTML
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function build(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * The element of a selector, which the page's layout promises.
 *
 * @param {string} selector
 * @param {ParentNode} within
 * @returns {HTMLElement}
 */
export function find(selector, within = document) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) {
    throw new Error(`There is no ${selector} here.`);
  }
  return found;
}

/** What the children of elements are made of. @type {WeakMap<Element, string>} */
const FILLED = new WeakMap();

/**
 * Gives an element other children where they are made of something else than those that it has: each layout after a change takes as long
 * as many steps do, and most runs have the axes of the one before.
 *
 * @param {Element} into of which nobody else changes the children
 * @param {unknown} madeOf
 * @param {() => Node[]} make
 * @returns {boolean} whether they are others
 */
export function fill(into, madeOf, make) {
  const key = JSON.stringify(madeOf);
  if (FILLED.get(into) === key) return false;
  FILLED.set(into, key);
  into.replaceChildren(...make());
  return true;
}

/** Puts words into an element that is not told the same again: the browser would lay them out anew. @param {Element} into @param {string} words */
export function say(into, words) {
  if (into.textContent !== words) into.textContent = words;
}

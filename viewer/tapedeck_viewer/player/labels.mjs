/** Words in little room: whole, shorter, or none, but never cut. */

const LETTERS = 3;

/**
 * What a phase may be called, from the whole name to none. A delimiter's letter is the one beside its row of the input.
 *
 * @param {{name: string, role: string}} phase
 */
export function shortNames({ name, role }) {
  const number = /\d+$/.exec(name)?.[0];
  const short = role === "delimiter" ? name[0].toUpperCase() : (number ?? `${name.slice(0, LETTERS)}.`);
  return short.length < name.length ? [name, short, ""] : [name, ""];
}

/**
 * Gives each element the first of its texts that it has room for, the last where it has for none.
 *
 * All are measured at once, because each look at one alone would lay out the page again.
 *
 * @param {{element: Element, texts: string[]}[]} labels
 */
export function fitTexts(labels) {
  let open = labels;
  for (let turn = 0; open.length > 0; turn++) {
    open.forEach(({ element, texts }) => (element.textContent = texts[turn]));
    open = open.filter(({ element, texts }) => turn < texts.length - 1 && element.scrollWidth > element.clientWidth);
  }
}

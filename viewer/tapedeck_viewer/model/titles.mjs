/**
 * What the panels of a run are called: from the table of titles and the heads of the run.
 *
 * @typedef {{name: string, kind: string}} Head
 */

import appearance from "../appearance.json" with { type: "json" };

/** @type {Record<string, {title: string, plural: string, symbol: string}>} */
const FIELDS = appearance.fields;

/**
 * A head is numbered only among several of its kind.
 *
 * @param {string} field as in a trace, such as `inputs`, `write2.key`, `controller.hidden`
 * @param {Head[]} heads of the run, in acting order
 * @param {"title" | "plural"} form
 */
export function titleOf(field, heads, form = "title") {
  const dot = field.lastIndexOf(".");
  const known = FIELDS[field.slice(dot + 1)];
  const head = heads.find(({ name }) => name === field.slice(0, dot));
  const kind = head ? head.kind[0].toUpperCase() + head.kind.slice(1) : "";
  const title = known ? known[form].replace("{Kind}", kind) : head ? inWords(field.slice(dot + 1)) : field;
  const alike = heads.filter((each) => each.kind === head?.kind);
  if (!head || (alike.length < 2 && known)) return title;
  const { of_several: several, own } = appearance.head;
  return (isNumbered(head) && alike.length > 1 ? several : own).replace("{title}", title).replace("{number}", String(alike.indexOf(head) + 1)).replace("{name}", head.name);
}

/** What a head is called. @param {Head} head @param {Head[]} heads of the run, in acting order */
export function titleOfHead(head, heads) {
  const { one, several, named } = appearance.head;
  const alike = heads.filter(({ kind }) => kind === head.kind);
  const number = String(alike.findIndex(({ name }) => name === head.name) + 1);
  const form = isNumbered(head) ? several : named;
  return (alike.length < 2 ? one : form).replace("{name}", head.name).replace("{Kind}", head.kind[0].toUpperCase() + head.kind.slice(1)).replace("{number}", number);
}

/** Whether a head is called by its kind and a number, and not by a name of its own. @param {Head} head */
const isNumbered = ({ name, kind }) => new RegExp(`^${kind}\\d*$`).test(name);

/** A name of a field as it is said. @param {string} name */
function inWords(name) {
  const words = name.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

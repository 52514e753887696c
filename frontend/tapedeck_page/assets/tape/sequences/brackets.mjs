/**
 * Lists in brackets, as JSON, Python, NumPy, torch, MATLAB, C and others write them, with the line of everything. One tolerant
 * reader for all of them: what is between the brackets counts, not whose grammar it is.
 *
 * @typedef {Leaf | Group} Node
 */

import { grouped, Problem, quoted } from "./problem.mjs";

const TOKEN =
  /(?<space>[ \t]+)|(?<line>\n)|(?<word>\d+'[sS]?[bBhH][0-9a-fA-F_]+|0[bBxX][0-9a-fA-F_']*[0-9a-fA-F](?:_?[iu]\d+)?)|(?<string>[bBxXuU]?"(?:\\[^\n]|[^"\\\n])*"|[bBxXuU]?'(?:\\[^\n]|[^'\\\n])*')|(?<open>[[({])|(?<close>[\])}])|(?<scope>::)|(?<sign>[,;:=])|(?<other>[^\s[\](){},;:="']+|[^\n])/gu;
const KINDS = /** @type {const} */ (["space", "line", "word", "string", "open", "close", "scope", "sign", "other"]);
/** @type {Record<string, string>} */
const CLOSES = { "[": "]", "(": ")", "{": "}" };
export const MAX_DEPTH = 32;
/** Arguments of a printed array that are not its numbers. */
const ASIDE = new Set(
  (
    "dtype shape size device requires_grad grad_fn layout order index columns name class row.names names dimnames " +
    "fill_value mask maxlen"
  ).split(" "),
);

/** A word, or a string without its quotation marks. */
export class Leaf {
  /** @param {string} text @param {number} line */
  constructor(text, line, isString = false) {
    this.text = text;
    this.line = line;
    this.isString = isString;
  }
}

/** What stands between two brackets, or in the whole text. */
export class Group {
  /** In order; those that have a name are in `named` alone. @type {Node[]} */
  items = [];
  /** By the names that stand before : or =. @type {Map<string, Node>} */
  named = new Map();
  /** How many items there were at each semicolon, by which MATLAB ends a row. @type {number[]} */
  rows = [];
  /** It has the arguments of something, such as array(…). */
  call = false;

  /** @param {string} opened @param {number} line @param {Node[]} items */
  constructor(opened, line, items = []) {
    this.opened = opened;
    this.line = line;
    this.items = items;
  }

  /** Nothing stands in it. */
  get isEmpty() {
    return this.items.length === 0 && this.named.size === 0;
  }
}

/**
 * The whole text as a group without brackets.
 *
 * @param {string} text
 * @throws {Problem} a bracket that is not closed or closes nothing, lists in lists without end, or “...” in a list
 */
export function parse(text) {
  const stack = [new Open(new Group("", 1))];
  for (const { kind, found, line, touching } of tokensOf(text)) {
    const top = stack[stack.length - 1];
    if (kind === "open") {
      if (stack.length > MAX_DEPTH) {
        throw new Problem(`Line ${grouped(line)} has lists nested too deeply; a sequence is a list of lists of bits.`);
      }
      stack.push(top.open(found, line, touching));
    } else if (kind === "close") {
      if (CLOSES[top.group.opened] !== found) {
        throw new Problem(`Line ${grouped(line)} has ${quoted(found)}, which closes nothing; the list is incomplete.`);
      }
      top.settle();
      stack.pop();
      stack[stack.length - 1].close(top);
    } else if (kind === "sign") {
      top.sign(found);
    } else if (kind === "scope") {
      top.leaf = null; // std::bitset
    } else {
      top.settle();
      if (found === "...") throw new Problem(`Line ${grouped(line)} has “...” in place of numbers; print or save all of them.`);
      top.leaf = new Leaf(found, line, kind === "string");
    }
  }
  const { group } = stack[stack.length - 1];
  if (stack.length > 1) {
    throw new Problem(`The ${quoted(group.opened)} in line ${grouped(group.line)} is not closed; the list is incomplete.`);
  }
  stack[0].settle();
  return group;
}

/** A group that is being read: what came last in it may yet turn out to be a name, and waits. */
class Open {
  /** @type {Leaf | null} */
  leaf = null;
  /** @type {string | null} */
  name = null;
  afterSubscript = false;

  /** @param {Group} group */
  constructor(group, isSubscript = false) {
    this.group = group;
    this.isSubscript = isSubscript;
  }

  /** A group in this one. What touches a name is its arguments, or its subscript, which is not kept: x[3][8]. @param {string} bracket @param {number} line @param {boolean} touching */
  open(bracket, line, touching) {
    const named = touching && this.leaf !== null;
    const subscript = bracket === "[" && ((named && !this.leaf?.isString) || this.afterSubscript);
    const inner = new Group(bracket, line);
    inner.call = bracket === "(" && named;
    if (subscript) return new Open(inner, true);
    if (inner.call) this.leaf = null; // array, tensor
    this.settle();
    this.#add(inner);
    return new Open(inner);
  }

  /** A group in this one is whole. A subscript of several items is the list of a type: Bool[1, 0]. @param {Open} inner */
  close({ group, isSubscript }) {
    this.afterSubscript = isSubscript && !(group.items.length > 1 || group.rows.length > 0);
    if (isSubscript && !this.afterSubscript) {
      this.leaf = null;
      this.#add(group);
    } else if (group.call && group.items.length === 1 && group.items[0] instanceof Leaf && group.named.size === 0) {
      const found = [...this.group.items, ...this.group.named.values()];
      if (found[found.length - 1] === group) this.#replace(group, group.items[0]); // np.int64(1)
    }
  }

  /** @param {Group} group @param {Leaf} leaf */
  #replace(group, leaf) {
    const { items, named } = this.group;
    if (items[items.length - 1] === group) items[items.length - 1] = leaf;
    else named.set([...named.keys()][named.size - 1], leaf);
  }

  /** @param {string} found */
  sign(found) {
    if (":=".includes(found) && this.leaf !== null) {
      this.name = this.leaf.text;
      this.leaf = null;
      return;
    }
    this.settle();
    if (found === ";" && this.group.opened === "[") this.group.rows.push(this.group.items.length);
  }

  /** What waited is not a name. */
  settle() {
    this.afterSubscript = false;
    const { leaf } = this;
    this.leaf = null;
    if (leaf !== null) this.#add(leaf);
  }

  /** @param {Node} node */
  #add(node) {
    const { name, group } = this;
    this.name = null;
    if (name === null) group.items.push(node);
    else if (!ASIDE.has(name) || !(group.call || group.opened === "")) this.#name(name, node);
  }

  /** The node under a name. What has the name of another in a text of several assignments stands beside it. @param {string} name @param {Node} node */
  #name(name, node) {
    const { named, opened } = this.group;
    const before = named.get(name);
    if (before === undefined) {
      named.set(name, node);
    } else if (opened !== "") {
      throw new Problem(`Line ${grouped(node.line)} has the name ${quoted(name)} for the second time; give each one its own.`);
    } else if (before instanceof Group && before.opened === "several") {
      before.items.push(node);
    } else {
      named.set(name, new Group("several", before.line, [before, node]));
    }
  }
}

/** The kind, the text and the line of each token, and whether it touches a name or a bracket before it. @param {string} text */
function* tokensOf(text) {
  let [line, touching] = [1, false];
  for (const { 0: written, groups } of text.matchAll(TOKEN)) {
    const kind = KINDS.find((each) => groups?.[each] !== undefined) ?? "other";
    if (kind === "line") line++;
    if (kind !== "space" && kind !== "line") {
      yield { kind, found: kind === "string" ? unquoted(written) : written, line, touching };
    }
    touching = (kind === "other" && /[\p{L}\p{N}_>]$/u.test(written)) || written === "]";
  }
}

/** @param {string} string */
function unquoted(string) {
  if (!"\"'".includes(string[0])) return string; // b"10110011", x"b3"
  const inner = string.slice(1, -1);
  if (inner.includes("\\") && string[0] === '"') {
    try {
      return String(JSON.parse(string)).trim();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return inner; // \xb3, which JSON does not have
    }
  }
  return inner.trim();
}

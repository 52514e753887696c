/**
 * From lists in lists to vectors: a list of vectors, each a list or a word; or the one under a name.
 *
 * @typedef {import("./brackets.mjs").Node} Node
 */

import { Group, Leaf } from "./brackets.mjs";
import { counted, grouped, Problem, quoted } from "./problem.mjs";
import { bitOf, bitsOf, cut, fault, isLikeBits, isNumber, isSpelled, NAMES, rowsOf, runOfVectors } from "./words.mjs";

/**
 * The vectors in a text of lists.
 *
 * @param {Group} whole @param {number} bits
 * @throws {Problem} there are none, or a bit is not what it must be; names the line
 */
export function rowsOfLists(whole, bits) {
  const lists = [...whole.items, ...whole.named.values()].filter((item) => item instanceof Group && !item.isEmpty);
  /** @type {Node} */
  let node = whole;
  if (lists.length === 1) node = lists[0]; // what stands beside it is a name, or a type
  else if (lists.length > 1 && whole.named.size === 0) node = new Group("[", 1, lists); // a list a line, or an object
  const rows = new Reader(bits).rows(node);
  if (rows.length === 0) throw new Problem("There is no vector in it.");
  return rows;
}

/** Reads nodes for one number of bits. */
class Reader {
  /** @type {Map<Node, Node>} */
  #known = new Map();

  /** @param {number} bits */
  constructor(bits) {
    this.bits = bits;
  }

  /** The vectors of a whole sequence. @param {Node} given @returns {string[]} */
  rows(given) {
    const node = this.#unwrapped(given);
    if (node instanceof Leaf) return this.#row(node, 1);
    if (node.items.every((item) => item instanceof Leaf)) return this.#flat(node);
    let vectors = node.items.map((item) => this.#unwrapped(item));
    const inner = vectors.flatMap((vector) => (vector instanceof Group && vector.items.length === 1 ? [vector.items[0]] : []));
    // A batch of one: (L, 1, bits).
    if (inner.length === vectors.length && inner.every((vector) => vector instanceof Group)) vectors = inner;
    return vectors.flatMap((vector, index) => {
      if (vector instanceof Group && vector.items.some((each) => this.#unwrapped(each) instanceof Group)) {
        throw new Problem(`Line ${grouped(vector.line)}: vector ${grouped(index + 1)} is a list of lists, not of ${this.#many}.`);
      }
      return this.#row(vector, index + 1);
    });
  }

  /** A list of words: vectors, or the bits of one or more vectors in a row. @param {Group} group */
  #flat(group) {
    const leaves = group.items.filter((item) => item instanceof Leaf);
    const bits = leaves.map(({ text }) => bitOf(text));
    const whole = leaves.filter(({ text }) => isSpelled(text)).length;
    if (leaves.length === 0) return [];
    if (whole >= leaves.length - whole && this.bits > 1) return leaves.flatMap((leaf, index) => this.#row(leaf, index + 1));
    const wrong = bits.indexOf(null);
    if (wrong >= 0) {
      const { line, text } = leaves[wrong];
      throw new Problem(`Line ${grouped(line)}: bit ${grouped(wrong + 1)} is ${quoted(text)}; a bit is 0 or 1.`);
    }
    if (bits.length % this.bits > 0) {
      throw new Problem(`Line ${grouped(group.line)}: the list has ${counted(bits.length, "bit")}; each vector has ${this.bits}.`);
    }
    return cut(bits.join(""), this.bits);
  }

  /** One vector; a word may hold several. @param {Node} node @param {number} number @returns {string[]} */
  #row(node, number) {
    if (node instanceof Leaf) return this.#word(node, number);
    const leaves = node.items.map((item) => this.#unwrapped(item));
    const [only] = leaves;
    if (leaves.length === 1 && only instanceof Leaf && isSpelled(only.text)) return this.#row(only, number);
    const vector = `Line ${grouped(node.line)}: vector ${grouped(number)}`;
    leaves.forEach((leaf, index) => {
      if (leaf instanceof Leaf && bitOf(leaf.text) !== null) return;
      const shown = leaf instanceof Leaf ? quoted(leaf.text) : "a list";
      const where = `Line ${grouped(leaf.line)}: bit ${grouped(index + 1)} of vector ${grouped(number)}`;
      throw new Problem(`${where} is ${shown}; a bit is 0 or 1.`);
    });
    if (leaves.length !== this.bits) throw new Problem(`${vector} has ${counted(leaves.length, "bit")}; each one has ${this.bits}.`);
    return [leaves.map((leaf) => (leaf instanceof Leaf ? bitOf(leaf.text) : "")).join("")];
  }

  /** @param {Leaf} leaf @param {number} number */
  #word({ text, line, isString }, number) {
    const plain = isString ? null : bitsOf(text); // a number, which is not cut up
    const spelled = rowsOf(text, this.bits) ?? runOfVectors(text, this.bits);
    if (spelled.length > 0 && (plain === null || plain.length === this.bits)) return spelled;
    const cells = text.replace(/,/g, " ").split(/\s+/).filter(Boolean).map(bitOf);
    if (cells.length === this.bits && !cells.includes(null)) return [cells.join("")];
    const where = `Line ${grouped(line)}: vector ${grouped(number)}`;
    if (isNumber(text) && !isSpelled(text)) throw new Problem(`${where} is ${quoted(text)}; each one is ${this.#many}.`);
    if (!text) throw new Problem(`${where} is empty; each one is ${this.#many}.`);
    throw fault(text, this.bits, `Line ${grouped(line)}, vector ${grouped(number)}`);
  }

  /** Without what is only around the sequence: calls, lists of one list, objects. Columns become vectors. @param {Node} given @returns {Node} */
  #unwrapped(given) {
    const known = this.#known.get(given);
    if (known) return known;
    let node = given;
    while (node instanceof Group) {
      const [only] = node.items;
      if (node.named.size > 0) {
        node = this.#underName(node);
      } else if (node.rows.length > 0) {
        const { items, line, opened } = node;
        const ends = [...node.rows, items.length];
        const parts = ends.map((stop, index) => items.slice(index > 0 ? ends[index - 1] : 0, stop)).filter((part) => part.length > 0);
        node = new Group(opened, line, parts.map((part) => new Group("[", part[0].line, part)));
      } else if (node.items.length === 1 && only instanceof Group) {
        if (!node.call && only.items.length > 0 && only.items.every((item) => item instanceof Leaf)) {
          return only.named.size === 0 && only.rows.length === 0 ? node : only;
        }
        node = only;
      } else {
        break;
      }
    }
    this.#known.set(given, node);
    return node;
  }

  /** What an object holds: under a name that says so, its only list, or as many values as a vector has bits. @param {Group} group @returns {Node} */
  #underName({ named, items, call, line }) {
    if (call && ["nrow", "ncol", "dim", ".Dim"].some((name) => named.has(name)) && !isTrue(named.get("byrow"))) {
      throw new Problem(`Line ${grouped(line)} has the numbers column by column; write the matrix with write.table.`);
    }
    const found = NAMES.find((name) => named.has(name));
    if (found) return /** @type {Node} */ (named.get(found));
    const lists = [...named.values()].filter((node) => node instanceof Group);
    if (lists.length === 1) return lists[0];
    if (lists.length > 0) return this.#columns(named, line, lists);
    if (items.length > 0) return items.length === 1 ? items[0] : new Group("[", line, items); // the arguments of a printed array
    const values = [...named].filter(([name]) => name !== "index").map(([, node]) => node);
    const whole = values.filter((node) => node instanceof Leaf && rowsOf(node.text, this.bits));
    if (whole.length === 1 && this.bits > 1) return whole[0];
    return new Group("[", line, values); // a vector whose bits have names
  }

  /** An object of as many lists as a vector has bits: a list a bit; of any other number: a list a vector. @param {Map<string, Node>} named @param {number} line @param {Group[]} columns @returns {Node} */
  #columns(named, line, columns) {
    let lists = columns.map((column) => (column.named.size > 0 ? [...column.named.values()] : column.items));
    if (columns.length === this.bits && lists.every(({ length }) => length === lists[0].length)) {
      lists = lists[0].map((_, index) => lists.map((column) => column[index]));
    } else if (!lists.every(({ length }) => length === this.bits)) {
      return this.#onlySequence(named, line);
    }
    return new Group("[", line, lists.map((vector) => new Group("[", line, vector)));
  }

  /** The only one of several lists that is meant as a sequence; even with a fault in it. @param {Map<string, Node>} named @param {number} line */
  #onlySequence(named, line) {
    /** @type {Map<string, string[]>} */
    const found = new Map();
    for (const [name, node] of named) {
      if (!(node instanceof Group)) continue;
      try {
        found.set(name, this.rows(node));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (isMeantAsBits(node, this.bits)) found.set(name, []);
      }
    }
    const [rows = []] = found.values();
    if (found.size === 1 && rows.length > 0) return new Group("[", line, rows.map((row) => new Leaf(row, line, true)));
    const lists = [...named].filter(([, node]) => node instanceof Group).map(([name]) => name);
    const shown = (found.size > 0 ? [...found.keys()] : lists).slice(0, 4).map((name) => `“${name}”`);
    throw new Problem(`Line ${grouped(line)} has several lists (${shown.join(", ")}); call the one with the vectors “sequence”.`);
  }

  get #many() {
    return counted(this.bits, "bit");
  }
}

/** @param {Node | undefined} node */
const isTrue = (node) => node instanceof Leaf && bitOf(node.text) === "1";

/** Whether a list is meant as a sequence, though it may not be one. @param {Group} group @param {number} bits */
function isMeantAsBits(group, bits) {
  /** @type {Leaf[]} */
  const leaves = [];
  const groups = [group];
  for (let last = groups.pop(); last; last = groups.pop()) {
    for (const node of [...last.items, ...last.named.values()]) node instanceof Group ? groups.push(node) : leaves.push(node);
  }
  const meant = leaves.filter(({ text }) => isLikeBits(text));
  return 2 * meant.length > leaves.length && (leaves.length >= bits || meant.some(({ text }) => isSpelled(text)));
}

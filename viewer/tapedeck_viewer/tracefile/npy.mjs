/**
 * One array as NumPy writes it, versions 1 to 3 of the format: numbers of any size and byte order as float32, or text. Nothing that
 * is in it is run: arrays of objects, which are pickles, are refused.
 *
 * @typedef {{kind: "f" | "i" | "u" | "b" | "U" | "S", bytes: number, swapped: boolean, fortran: boolean, shape: number[], start: number}} Header
 *     `bytes` of an element, `start` where the elements begin
 */

import { WrongFile, grouped } from "./wrong.mjs";

/** So many bytes hold the header of any array that a trace file has. */
export const MOST_HEADER = 8192;

const MAGIC = [0x93, ...[..."NUMPY"].map((letter) => letter.charCodeAt(0))];
const PART = /(['"])(descr|fortran_order|shape)\1\s*:\s*('[^']*'|"[^"]*"|True|False|\([\dL,\s]*\)|\[)/g;
const TYPE = /^([<>=|]?)([fiubUS])(\d+)$/;
/** Bytes of a number: NumPy's longer floats are of a machine's own form. */
const MOST_ITEM = 8;
const SIZES = { f: [2, 4, 8], i: [1, 2, 4, 8], u: [1, 2, 4, 8], b: [1] };
/** What arrays are made of that are no numbers, by NumPy's letter. */
const OTHERS = /** @type {Record<string, string>} */ ({
  c: "complex numbers",
  M: "dates",
  m: "times",
  V: "records, or numbers of a type that NumPy does not have",
  O: "Python objects, which need pickle and are never opened",
});
const TAKEN = "it must hold floats, integers or booleans";
const AGAIN = "save the arrays with numpy.savez";

/**
 * What an array is, from its first bytes.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} name of the array, for what is wrong with it
 * @returns {Header}
 */
export function headerOf(bytes, name) {
  const major = bytes[6];
  const wrong = new WrongFile(`${name} is not an array that NumPy saved; ${AGAIN}.`);
  if (MAGIC.some((byte, at) => bytes[at] !== byte) || major < 1 || major > 3 || bytes.length < 12) throw wrong;
  const long = major > 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (long ? 12 : 10) + length;
  if (start > bytes.length) throw wrong;
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.subarray(start - length, start));
  const parts = new Map([...text.matchAll(PART)].map(([, , part, value]) => [part, value]));
  const [type, order, shape] = ["descr", "fortran_order", "shape"].map((part) => parts.get(part));
  if (!type || !shape || !order) throw wrong;
  return { ...typeOf(type, name), fortran: order === "True", shape: (shape.match(/\d+/g) ?? []).map(Number), start };
}

/** @param {string} written @param {string} name */
function typeOf(written, name) {
  const type = written.replace(/^['"]|['"]$/g, "");
  const [, order, letter, digits] = TYPE.exec(type) ?? [];
  const kind = /** @type {Header["kind"]} */ (letter);
  const long = letter in SIZES && Number(digits) > MOST_ITEM ? `numbers wider than float64, ${type}` : null;
  const other = long ?? OTHERS[type.replace(/^[<>=|]/, "")[0]] ?? (written === "[" ? OTHERS.V : `numbers of the type ${type}`);
  if (!letter || (kind in SIZES && !SIZES[/** @type {keyof typeof SIZES} */ (kind)].includes(Number(digits)))) {
    throw new WrongFile(`${name} holds ${other}; ${TAKEN}`);
  }
  return { kind, bytes: Number(digits) * (kind === "U" ? 4 : 1), swapped: order === ">" };
}

/** How many elements an array has. @param {{shape: number[]}} header */
export const countOf = ({ shape }) => shape.reduce((all, each) => all * each, 1);

/** Whether it holds text. @param {Header} header */
export const isText = ({ kind }) => kind === "U" || kind === "S";

/** A shape as Python writes it. @param {readonly number[]} shape */
export const shapeInWords = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/**
 * That as many bytes follow the header as its shape needs.
 *
 * @param {Header} header @param {number} size of all of it, in bytes @param {string} name
 */
export function checkSize(header, size, name) {
  const [expected, held] = [countOf(header) * header.bytes, size - header.start];
  if (expected > held) throw new WrongFile(`${name} promises more numbers than the file holds: ${shapeInWords(header.shape)}. Save it again.`);
  if (expected < held) throw new WrongFile(`${name} holds more than the ${grouped(countOf(header))} numbers of its shape ${shapeInWords(header.shape)}. Save it again.`);
}

/** That it holds numbers. @param {Header} header @param {string} name */
export function checkNumbers(header, name) {
  if (isText(header)) throw new WrongFile(`${name} holds text; ${TAKEN}.`);
}

/** A type of numbers, as NumPy calls it. @param {Header} header */
export const nameOf = ({ kind, bytes }) => (kind === "b" ? "bool" : `${kind === "f" ? "float" : kind === "i" ? "int" : "uint"}${8 * bytes}`);

/** Its only text. @param {Uint8Array<ArrayBuffer>} bytes all of it @param {Header} header @param {string} name */
export function textOf(bytes, header, name) {
  if (!isText(header) || countOf(header) !== 1) {
    const held = isText(header) ? "something else" : nameOf(header);
    throw new WrongFile(`${name} must be one JSON text, numpy.array(json.dumps(…)); it is an array of the shape ${shapeInWords(header.shape)} that holds ${held}.`);
  }
  const held = bytes.slice(header.start);
  if (header.kind === "S") return new TextDecoder().decode(held).replace(/\0+$/, "");
  if (header.swapped) swap(held, 4);
  let text = "";
  for (const code of new Uint32Array(held.buffer)) {
    if (code > 0x10ffff) throw new WrongFile(`${name} holds what is no character; save it with numpy.array(json.dumps(…)).`);
    if (code > 0) text += String.fromCodePoint(code);
  }
  return text;
}

/**
 * Its numbers, the last axis running fastest.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes all of it; may be changed
 * @param {Header} header
 * @returns {Float32Array<ArrayBuffer>}
 */
export function numbersOf(bytes, header) {
  const held = bytes.slice(header.start);
  if (header.swapped) swap(held, header.bytes);
  const values = asFloat32(held.buffer, header);
  return header.fortran && header.shape.length > 1 ? inOrder(values, header.shape) : values;
}

/** @param {ArrayBuffer} held little-endian, as all browsers' machines are @param {Header} header @returns {Float32Array<ArrayBuffer>} */
function asFloat32(held, { kind, bytes }) {
  const type = `${kind}${bytes}`;
  switch (type) {
    case "f4":
      return new Float32Array(held);
    case "f8":
      return new Float32Array(new Float64Array(held));
    case "f2":
      return Float32Array.from(new Uint16Array(held), halfOf);
    case "i8":
      return Float32Array.from({ length: held.byteLength / 8 }, ofLongs(new BigInt64Array(held)));
    case "u8":
      return Float32Array.from({ length: held.byteLength / 8 }, ofLongs(new BigUint64Array(held)));
    case "b1":
      return Float32Array.from(new Uint8Array(held), (byte) => Number(byte !== 0));
    default: {
      const arrays = /** @type {const} */ ({ i1: Int8Array, i2: Int16Array, i4: Int32Array, u1: Uint8Array, u2: Uint16Array, u4: Uint32Array });
      return new Float32Array(new arrays[/** @type {keyof typeof arrays} */ (type)](held));
    }
  }
}

/** @param {BigInt64Array | BigUint64Array} longs */
const ofLongs = (longs) => (/** @type {unknown} */ _, /** @type {number} */ at) => Number(longs[at]);

/** A number of 16 bits: sign, 5 bits of exponent, 10 of fraction. @param {number} bits */
function halfOf(bits) {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** The other byte order. @param {Uint8Array} bytes changed in place @param {number} each */
function swap(bytes, each) {
  for (let at = 0; each > 1 && at < bytes.length; at += each) bytes.subarray(at, at + each).reverse();
}

/** From the first axis running fastest. @param {Float32Array<ArrayBuffer>} values @param {number[]} shape */
function inOrder(values, shape) {
  const found = new Float32Array(values.length);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((all, each) => all * each, 1));
  const index = shape.map(() => 0);
  for (let at = 0, from = 0; at < values.length; at++) {
    found[at] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] += 1;
      from += strides[axis];
      if (index[axis] < shape[axis]) break;
      from -= index[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return found;
}

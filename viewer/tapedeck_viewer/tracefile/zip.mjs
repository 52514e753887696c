/**
 * The members of a zip file, stored or deflated, with sizes of 32 or 64 bits, as NumPy writes them. Nothing is read of the file but
 * its directory and the members that are asked for, and no more than a member says that it holds.
 *
 * @typedef {{name: string, method: number, packed: number, size: number, crc: number, offset: number}} Member sizes in bytes
 */

import { WrongFile, grouped } from "./wrong.mjs";

/** The most members that a file may have. */
export const MOST_MEMBERS = 1000;

const [LOCAL, ENTRY, END, END64, LOCATOR64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50];
const [LOCAL_BYTES, ENTRY_BYTES, END_BYTES, END64_BYTES, LOCATOR64_BYTES] = [30, 46, 22, 56, 20];
/** A comment may follow the end of the directory. */
const MOST_COMMENT = 0xffff;
/** Stands for what is said in 64 bits. */
const [ESCAPED16, ESCAPED32] = [0xffff, 0xffffffff];
/** Of an extra field with sizes of 64 bits. */
const SIZES64 = 1;
const ENCRYPTED = 1;
const [STORED, DEFLATED] = [0, 8];
/** The most bytes of a directory's entry: its parts have lengths of 16 bits. */
const MOST_ENTRY = ENTRY_BYTES + 3 * ESCAPED16;

const AGAIN = "save the arrays with numpy.savez";
const NOT_WHOLE = `It is not a whole .npz file; ${AGAIN}.`;
/** A single array begins with \x93NUM. */
const NPY = 0x4d554e93;

/** Whether a file begins as zip files do. @param {Blob} file */
export async function isZip(file) {
  if (file.size < 4) return false;
  const first = (await viewOf(file, 0, 4)).getUint32(0, true);
  return first === LOCAL || first === END;
}

/**
 * What is in a zip file.
 *
 * @param {Blob} file
 * @returns {Promise<Member[]>} in the directory's order
 * @throws {WrongFile} not a zip file, or one that is cut off, or of too many members
 */
export async function membersOf(file) {
  if (!(await isZip(file))) {
    const isArray = file.size >= 4 && (await viewOf(file, 0, 4)).getUint32(0, true) === NPY;
    throw new WrongFile(`It is ${isArray ? "a single array (.npy)" : "no .npz file"}; ${AGAIN}, and \`meta\` among them.`);
  }
  const { count, offset, size } = await directoryOf(file);
  if (count > MOST_MEMBERS) throw new WrongFile(`It holds ${grouped(count)} arrays; the most is ${grouped(MOST_MEMBERS)}.`);
  if (offset + size > file.size || size > count * MOST_ENTRY) throw new WrongFile(NOT_WHOLE);
  const view = await viewOf(file, offset, size);
  const members = [];
  for (let at = 0; members.length < count; ) {
    if (at + ENTRY_BYTES > size || view.getUint32(at, true) !== ENTRY) throw new WrongFile(NOT_WHOLE);
    const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const next = at + ENTRY_BYTES + name + extra + comment;
    if (next > size) throw new WrongFile(NOT_WHOLE);
    members.push(memberAt(view, at, name, extra));
    at = next;
  }
  return members;
}

/** @param {DataView<ArrayBuffer>} view @param {number} at @param {number} nameLength @param {number} extraLength @returns {Member} */
function memberAt(view, at, nameLength, extraLength) {
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + ENTRY_BYTES, nameLength));
  if (view.getUint16(at + 8, true) & ENCRYPTED) throw new WrongFile(`${titleOf(name)} is encrypted; ${AGAIN}.`);
  const sizes = { size: view.getUint32(at + 24, true), packed: view.getUint32(at + 20, true), offset: view.getUint32(at + 42, true) };
  const long = extraOf(view, at + ENTRY_BYTES + nameLength, extraLength);
  let place = 0;
  for (const each of /** @type {const} */ (["size", "packed", "offset"])) {
    if (sizes[each] !== ESCAPED32) continue;
    if (!long || place + 8 > long.byteLength) throw new WrongFile(NOT_WHOLE);
    sizes[each] = long64(long, place);
    place += 8;
  }
  return { name, method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true), ...sizes };
}

/** What of a member is said in 64 bits. @param {DataView<ArrayBuffer>} view @param {number} at @param {number} length */
function extraOf(view, at, length) {
  for (let place = at; place + 4 <= at + length; ) {
    const [kind, size] = [view.getUint16(place, true), view.getUint16(place + 2, true)];
    if (place + 4 + size > at + length) return null;
    if (kind === SIZES64) return new DataView(view.buffer, place + 4, size);
    place += 4 + size;
  }
  return null;
}

/** Where the directory lies, and how many members it has. @param {Blob} file */
async function directoryOf(file) {
  const from = Math.max(0, file.size - END_BYTES - MOST_COMMENT - LOCATOR64_BYTES);
  const tail = await viewOf(file, from, file.size - from);
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && !(tail.getUint32(at, true) === END && at + END_BYTES + tail.getUint16(at + 20, true) === tail.byteLength)) at -= 1;
  if (at < 0) throw new WrongFile(NOT_WHOLE);
  const found = { count: tail.getUint16(at + 10, true), size: tail.getUint32(at + 12, true), offset: tail.getUint32(at + 16, true) };
  if (found.count !== ESCAPED16 && found.size !== ESCAPED32 && found.offset !== ESCAPED32) return found;
  const locator = at - LOCATOR64_BYTES;
  if (locator < 0 || tail.getUint32(locator, true) !== LOCATOR64) return found;
  const place = long64(tail, locator + 8);
  if (place + END64_BYTES > file.size) throw new WrongFile(NOT_WHOLE);
  const end = await viewOf(file, place, END64_BYTES);
  if (end.getUint32(0, true) !== END64) throw new WrongFile(NOT_WHOLE);
  return { count: long64(end, 32), size: long64(end, 40), offset: long64(end, 48) };
}

/**
 * The first bytes of a member: all of them, or as many as are wanted.
 *
 * @param {Blob} file @param {Member} member @param {number} most how many at the most
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {WrongFile} a member that is packed in another way, or is not what the directory says
 */
export async function bytesOf(file, member, most = member.size) {
  const { name, method, packed, size, offset, crc } = member;
  if (method !== STORED && method !== DEFLATED) throw new WrongFile(`${titleOf(name)} is compressed in another way than numpy.savez_compressed does; save it with that.`);
  if (offset + LOCAL_BYTES > file.size) throw new WrongFile(NOT_WHOLE);
  const local = await viewOf(file, offset, LOCAL_BYTES);
  const start = offset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  if (local.getUint32(0, true) !== LOCAL || start + packed > file.size) throw new WrongFile(NOT_WHOLE);
  if (method === STORED && packed !== size) throw new WrongFile(damaged(name));
  const wanted = Math.min(most, size);
  const held = file.slice(start, start + (method === STORED ? wanted : packed));
  const bytes = method === STORED ? new Uint8Array(await held.arrayBuffer()) : await inflated(held, member, wanted);
  if (bytes.length !== wanted || (wanted === size && checksumOf(bytes) !== crc)) throw new WrongFile(damaged(name));
  return bytes;
}

/** @param {Blob} held @param {Member} member @param {number} wanted */
async function inflated(held, { name, size }, wanted) {
  const bytes = new Uint8Array(wanted);
  let filled = 0;
  const reader = held.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (filled + value.length > size) throw new WrongFile(`${titleOf(name)} holds more than the ${grouped(size)} bytes that the file says. Save it again.`);
      bytes.set(value.subarray(0, wanted - filled), filled);
      filled += value.length;
      if (filled >= wanted && wanted < size) break;
    }
  } catch (error) {
    if (error instanceof WrongFile || !(error instanceof TypeError)) throw error;
    throw new WrongFile(damaged(name));
  } finally {
    // What of it is not read is not inflated either; of one that failed nothing more comes.
    await reader.cancel().catch(() => {});
  }
  return bytes.subarray(0, Math.min(filled, wanted));
}

/** An array, as NumPy knows it. @param {string} name of its member */
const titleOf = (name) => name.replace(/\.npy$/, "");

/** @param {string} name */
const damaged = (name) => `${titleOf(name)} is damaged: the file is not whole. Save it again.`;

/** @param {Blob} file @param {number} from @param {number} length */
const viewOf = async (file, from, length) => new DataView(await file.slice(from, from + length).arrayBuffer());

/** No file is longer than such numbers can be told exactly. @param {DataView} view @param {number} at */
const long64 = (view, at) => Number(view.getBigUint64(at, true));

const CHECKS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let check = byte;
  for (let bit = 0; bit < 8; bit++) check = check & 1 ? (check >>> 1) ^ 0xedb88320 : check >>> 1;
  return check;
});

/** CRC-32, as zip files have it. @param {Uint8Array} bytes */
function checksumOf(bytes) {
  let check = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) check = CHECKS[(check ^ bytes[at]) & 255] ^ (check >>> 8);
  return (check ^ 0xffffffff) >>> 0;
}

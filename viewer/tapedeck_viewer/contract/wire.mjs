/**
 * The service's wire format, version 2: one JSON header, then binary frames of float32 rows. See README, "The stream".
 *
 * @typedef {import("./types.mjs").DescribedTrace} Described
 * @typedef {Omit<Described, "wrong" | "score" | "diagnosis">} Description all that is known of a run before its first step
 * @typedef {Pick<Described, "wrong" | "score" | "diagnosis">} Results what stands behind it when the run is over
 * @typedef {import("./types.mjs").RolePhaseDocument} Phase
 * @typedef {Omit<import("./types.mjs").FieldDescription, "axes" | "role"> & {axes: string[], role: string}} Field of a trace file axes and roles may be others
 * @typedef {import("./types.mjs").ChannelDocument} Channel
 * @typedef {import("./types.mjs").DiagnosisDocument} Diagnosis
 * @typedef {{first: number, count: number, total: number, rows: Float32Array}} Frame
 */

export const VERSION = 2;
const PRELUDE_BYTES = 16;

/** How memory follows from writes, in every trace that this page plays: see `model/memory.mjs`. */
export const MEMORY_RULE = "erase_then_add";

/**
 * A header that this page can play.
 *
 * @param {Description} description
 * @returns {Description} the same
 * @throws {RangeError} another version, or a memory that follows from the writes in another way
 */
export function checked(description) {
  const { version, memory } = description;
  if (version !== VERSION) {
    throw new RangeError(`This page reads headers of version ${VERSION}, this one is of version ${version}.`);
  }
  if (memory.rule !== MEMORY_RULE) {
    throw new RangeError(`This page knows the memory rule “${MEMORY_RULE}”, and not “${memory.rule}”.`);
  }
  return description;
}

/** How many numbers a field has at a step. @param {{shape: number[]}} field */
export const lengthOf = ({ shape }) => shape.reduce((all, each) => all * each, 1);

/**
 * A binary frame: four little-endian uint32 (version, first step, number of steps, total steps), then the rows.
 *
 * @param {ArrayBuffer} message
 * @param {number} rowLength numbers in a row
 * @returns {Frame}
 * @throws {RangeError} a version or a size that the format does not have
 */
export function decodeFrame(message, rowLength) {
  if (message.byteLength < PRELUDE_BYTES) {
    throw new RangeError(`A frame has at least ${PRELUDE_BYTES} bytes, this one has ${message.byteLength}.`);
  }
  const prelude = new DataView(message, 0, PRELUDE_BYTES);
  const [version, first, count, total] = [0, 4, 8, 12].map((at) => prelude.getUint32(at, true));
  if (version !== VERSION) {
    throw new RangeError(`This page reads frames of version ${VERSION}, this one is of version ${version}.`);
  }
  const expected = PRELUDE_BYTES + 4 * count * rowLength;
  if (message.byteLength !== expected) {
    throw new RangeError(`A frame of ${count} steps has ${expected} bytes, this one has ${message.byteLength}.`);
  }
  if (first + count > total) {
    throw new RangeError(`A frame from step ${first} on cannot hold ${count} of ${total} steps.`);
  }
  return { first, count, total, rows: new Float32Array(message, PRELUDE_BYTES) };
}

/**
 * The service's wire format: one JSON header, then binary frames of float32 rows. See README, "The stream".
 *
 * @typedef {{name: string, length: number}} Field
 * @typedef {{name: string, start: number, stop: number}} Phase
 * @typedef {{
 *   type: "header", steps: number, locations: number, width: number, phases: Phase[], fields: Field[],
 *   checkpoint: {id: string, name: string, [key: string]: unknown},
 *   initial: {memory: number[][], weighting: number[]},
 *   output_layer: {weight: number[][], bias: number[]},
 * }} Header
 * @typedef {{first: number, count: number, total: number, rows: Float32Array}} Frame
 */

export const VERSION = 1;
const PRELUDE_BYTES = 16;

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

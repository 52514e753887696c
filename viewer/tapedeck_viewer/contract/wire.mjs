/**
 * The service's wire format, version 2: one JSON header, then binary frames of float32 rows. See README, "The stream".
 *
 * @typedef {{
 *   type: "header", version: number, steps: number, locations: number, width: number, phases: Phase[],
 *   checkpoint: {id: string, name: string, [key: string]: unknown},
 *   fields: {name: string, shape: number[]}[],
 *   heads: {name: string, kind: string, start: number[]}[],
 *   memory: {rule: string, start: number[][]},
 *   output: {terms: {name: string, weights: number[][]}[], bias: number[]},
 * }} Description what the service sends
 * @typedef {{name: string, length: number}} Field
 * @typedef {{name: string, start: number, stop: number}} Phase
 * @typedef {{
 *   type: "header", steps: number, locations: number, width: number, phases: Phase[], fields: Field[],
 *   checkpoint: {id: string, name: string, [key: string]: unknown},
 *   heads: {name: string, kind: string}[],
 *   initial: {memory: number[][], weighting: number[]},
 *   output_layer: {weight: number[][], bias: number[]},
 * }} Header what the modules of the tape read
 * @typedef {{first: number, count: number, total: number, rows: Float32Array}} Frame
 */

export const VERSION = 2;
const PRELUDE_BYTES = 16;

/**
 * The header as the modules of the tape read it: of a machine with a write and a read head whose outputs see what was read alone.
 *
 * @param {Description} description
 * @returns {Header}
 * @throws {RangeError} another version, or another machine
 */
export function readHeader(description) {
  const { version, heads, output, memory, checkpoint, steps, locations, width, phases } = description;
  if (version !== VERSION) {
    throw new RangeError(`This page reads headers of version ${VERSION}, this one is of version ${version}.`);
  }
  const writer = heads.find(({ kind }) => kind === "write");
  const [reads] = output.terms;
  if (!writer || heads.length !== 2 || output.terms.length !== 1 || reads.name !== "reads") {
    throw new RangeError("This page plays machines with one write head and one read head whose outputs come from what is read.");
  }
  const fields = description.fields.map(({ name, shape }) => ({ name, length: shape.reduce((all, each) => all * each, 1) }));
  return {
    type: "header",
    checkpoint,
    steps,
    locations,
    width,
    phases,
    fields,
    heads,
    initial: { memory: memory.start, weighting: writer.start },
    output_layer: { weight: reads.weights, bias: output.bias },
  };
}

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

/**
 * The elements of input and output vectors: what they are called, and which of them are bits.
 *
 * @typedef {import("../contract/wire.mjs").Channel} Channel
 * @typedef {import("./trace.mjs").Trace} Trace
 */

/** The bits of a vector that text can be: of one byte each. */
export const BYTE = 8;

/** Above it an output counts as a 1. */
export const THRESHOLD = 0.5;

/** The channels of a field of inputs, outputs or targets. @param {Trace["header"]} header @param {string} role @returns {Channel[]} */
export const channelsOf = (header, role) => (role === "input" ? header.input_channels : header.output_channels);

/** What a channel is called in a sentence. @param {Channel} channel */
export const nameOfChannel = ({ name, kind }) => (kind === "delimiter" ? `${name} delimiter` : name);

/** Whether a channel is drawn in ink, from 0 to 1; other kinds have a scale of their own. @param {Channel} channel */
export const inInk = ({ kind }) => kind === "bit" || kind === "delimiter" || kind === "probability";

/** Whether channels are numbers of any size, of which nothing else is known. @param {Channel[]} channels */
export const areValues = (channels) => channels.length > 0 && channels.every(({ kind }) => kind === "value");

/** The places of the bits in a vector. @param {Channel[]} channels */
export const bitsOf = (channels) => channels.flatMap(({ kind }, index) => (kind === "bit" ? [index] : []));

/** The first and the last of the bits, as they are counted: “bit 3” is 3. @param {Channel} channel */
export const shortName = ({ name, kind }) => (kind === "bit" || kind === "value" ? (/\d+$/.exec(name)?.[0] ?? name) : kind === "probability" ? "p" : (name[0]?.toUpperCase() ?? ""));

/**
 * The text of a trace file, as JSON: that it is of this format, and what it says beside the description of its run.
 *
 * @typedef {import("../contract/wire.mjs").Results} Results
 * @typedef {import("./description.mjs").Meta} Meta
 * @typedef {import("./zip.mjs").Member} Member
 */

import { VERSION } from "../contract/wire.mjs";
import { listOf, oneOf } from "./fields.mjs";
import { checkSize, headerOf, textOf } from "./npy.mjs";
import { WrongFile, grouped, shown } from "./wrong.mjs";
import { bytesOf } from "./zip.mjs";

export const META = "meta";
const MOST_META_BYTES = 2 ** 24;
/** So many of a file's arrays are named that has no text. */
const MOST_NAMED = 6;

/** @param {Blob} file @param {Map<string, Member>} members @returns {Promise<Meta>} */
export async function metaOf(file, members) {
  const member = members.get(META);
  const there = [...members.keys()].slice(0, MOST_NAMED).join(", ") || "nothing";
  if (!member) throw new WrongFile(`It has no \`${META}\`, a JSON text with the version of the format; it has ${there}.`);
  if (member.size > MOST_META_BYTES) throw new WrongFile(`${META} takes ${grouped(member.size)} bytes; the most is ${grouped(MOST_META_BYTES)}. Say less in it.`);
  const bytes = await bytesOf(file, member);
  const header = headerOf(bytes, META);
  checkSize(header, member.size, META);
  const meta = parsed(textOf(bytes, header, META));
  if (meta.version == null) throw new WrongFile(`${META} has no \`version\`; write ${VERSION}, that of the format.`);
  if (meta.version !== VERSION) throw new WrongFile(`meta.version is ${shown(meta.version)}; this Tapedeck reads ${VERSION}. Write the file anew, or get the Tapedeck that reads it.`);
  return meta;
}

/** @param {string} text */
function parsed(text) {
  try {
    const document = JSON.parse(text);
    if (typeof document === "object" && document !== null && !Array.isArray(document)) return document;
    throw new WrongFile(`${META} must be a JSON object with \`version\`; it is ${shown(document)}.`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new WrongFile(`${META} is not valid JSON: ${error.message}`);
  }
}

/** @param {Meta} meta @param {boolean} isRecorded whether the memory of every step is in the file */
export function ruleOf(meta, isRecorded) {
  const rule = oneOf(meta.memory?.rule, isRecorded ? ["recorded", "erase_then_add"] : ["erase_then_add", "recorded"], "meta.memory.rule");
  if (rule === "recorded" && !isRecorded) throw new WrongFile("meta.memory.rule is recorded, and there is no array `memory` [T, N, W]; add it, or leave out the rule.");
  return rule;
}

/** What became of the run, as far as the file says it. @param {Meta} meta @param {boolean} counted whether wrong bits are counted from the arrays @returns {Results} */
export function resultsOf({ wrong, score, diagnosis }, counted) {
  const sentence = typeof diagnosis?.sentence === "string" ? diagnosis.sentence : "";
  const marks = Array.isArray(diagnosis?.marks) && diagnosis.marks.every(isMark) ? diagnosis.marks : [];
  const first = Number.isInteger(diagnosis?.first_wrong_step) ? diagnosis.first_wrong_step : null;
  return /** @type {Results} */ ({
    wrong: Number.isInteger(wrong) && !counted ? wrong : null,
    score: score ?? null,
    diagnosis: sentence ? { ...diagnosis, sentence, marks, first_wrong_step: first } : null,
  });
}

/** @param {any} mark */
const isMark = (mark) => Number.isInteger(mark?.step);

/** A sentence a step; none where the file has none. @param {Meta} meta @param {number} steps @returns {string[] | null} */
export function narrationOf({ narration }, steps) {
  const sentences = listOf(narration, "meta.narration");
  if (sentences.length === 0) return null;
  if (sentences.length !== steps || !sentences.every((each) => typeof each === "string")) throw new WrongFile(`meta.narration must have ${grouped(steps)} entries, one a step; it has ${grouped(sentences.length)}.`);
  return sentences;
}

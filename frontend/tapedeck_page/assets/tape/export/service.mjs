/**
 * What the service makes of a run: numbers, a card, a GIF. The same files come from `tapedeck trace`.
 *
 * @typedef {import("../stream.mjs").Request} Request
 * @typedef {keyof typeof FORMS} Form
 */

import { addressOf } from "../root.mjs";

/** The forms that POST /api/trace answers in, by the ending of their files. */
export const FORMS = {
  json: "application/json",
  npz: "application/x-npz",
  csv: "text/csv",
  html: "text/html",
  gif: "image/gif",
};

/**
 * @param {Request} request
 * @param {Form} form
 * @param {(bytes: number) => void} told as they arrive
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>}
 * @throws {DOMException} AbortError: it was cancelled
 * @throws {Error} with a sentence: the service refused, or is away
 */
export async function ask(request, form, told, signal) {
  const answer = await sent(request, form, signal);
  if (!answer.ok || !answer.body) throw new Error(await refusal(answer));
  const reader = answer.body.getReader();
  /** @type {BlobPart[]} */
  const parts = [];
  let bytes = 0;
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) break;
    parts.push(value);
    bytes += value.length;
    told(bytes);
  }
  return new Blob(parts, { type: FORMS[form] });
}

/** @param {Request} request @param {Form} form @param {AbortSignal} signal */
async function sent(request, form, signal) {
  const headers = { "Content-Type": "application/json", Accept: FORMS[form] };
  try {
    return await fetch(addressOf("api/trace"), { method: "POST", headers, body: JSON.stringify(request), signal });
  } catch (error) {
    if (error instanceof TypeError) throw new Error("The service does not answer; pictures and WebM are made without it.");
    throw error;
  }
}

/** @param {Response} answer */
async function refusal(answer) {
  const said = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : null;
  return said?.error?.detail ?? `The service answered with status ${answer.status}.`;
}

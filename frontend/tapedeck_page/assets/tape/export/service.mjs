/**
 * What the service makes of a run: numbers, a card, pictures. The same files come from `tapedeck trace`.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {keyof typeof FORMS} Form
 */

import { whenFree } from "../patience.mjs";
import { addressOf } from "../root.mjs";
import { worded } from "../worded.mjs";

/** The forms that POST /api/trace answers in, by the ending of their files. */
export const FORMS = {
  json: "application/json",
  npz: "application/x-npz",
  csv: "text/csv",
  html: "text/html",
  gif: "image/gif",
  svg: "image/svg+xml",
  png: "image/png",
};

/**
 * While the service is busy it is asked again by itself.
 *
 * @param {Request} request
 * @param {Form} form
 * @param {{arrived: (bytes: number) => void, busy: (seconds: number) => void}} told
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>}
 * @throws {DOMException} AbortError: it was cancelled
 * @throws {Error} with a sentence: the service refused, or is away
 */
export async function ask(request, form, told, signal, address = addressOf("api/trace")) {
  const answer = await whenFree(() => sent(request, form, signal, address), told.busy, signal);
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
    told.arrived(bytes);
  }
  return new Blob(parts, { type: FORMS[form] });
}

/** @param {Request} request @param {Form} form @param {AbortSignal} signal @param {string} address */
async function sent(request, form, signal, address) {
  const headers = { "Content-Type": "application/json", Accept: FORMS[form] };
  try {
    return await fetch(address, { method: "POST", headers, body: JSON.stringify(request), signal });
  } catch (error) {
    if (error instanceof TypeError) throw new Error("The service does not answer, and what is exported is made there; try again when it is back.");
    throw error;
  }
}

/** @param {Response} answer */
async function refusal(answer) {
  const said = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : null;
  return worded(said?.error?.detail ?? "") || `The service answered with status ${answer.status}.`;
}

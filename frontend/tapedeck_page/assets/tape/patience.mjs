/** What is asked over HTTP: while the service is busy it is asked again by itself, as a run on the stream is, and a failure is a sentence. */

/** As the service writes it: whole seconds. */
const SECONDS = /^\d{1,3}$/;

/** What is said meanwhile. @param {string} what begins by itself @param {number} seconds before it is tried again */
export const busySentence = (what, seconds) => `The service is busy. ${what} starts by itself, in ${seconds} s at the earliest.`;

/**
 * The first answer that is not a 503 with a Retry-After; before each further attempt that time passes.
 *
 * @param {() => Promise<Response>} send
 * @param {(seconds: number) => void} told before each wait
 * @param {AbortSignal} signal
 * @throws {DOMException} AbortError: it was cancelled while it waited
 */
export async function whenFree(send, told, signal) {
  for (;;) {
    const answer = await send();
    const later = answer.headers.get("retry-after") ?? "";
    if (answer.status !== 503 || !SECONDS.test(later)) return answer;
    await answer.body?.cancel();
    told(Number(later));
    await pause(1000 * Number(later), signal);
  }
}

/** @param {number} milliseconds @param {AbortSignal} signal @returns {Promise<void>} */
function pause(milliseconds, signal) {
  return new Promise((go, fail) => {
    if (signal.aborted) return fail(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      fail(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      go();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** The service does not begin what it was asked, or breaks off in the middle; the message says why. */
export class Refused extends Error {}

/** What went wrong, and what to do. @param {unknown} error */
export function sentenceOf(error) {
  if (error instanceof Refused) return error.message;
  const away = error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException;
  return away ? "The service stopped answering; try again in a moment." : `The page could not show this: ${error}. Reload it.`;
}

/** What is asked over HTTP while the service is busy is asked again by itself, as a run on the stream is. */

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

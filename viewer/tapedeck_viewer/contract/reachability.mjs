/**
 * Why the stream does not open. A browser tells a page nothing of a WebSocket that fails, so the service is asked over HTTP.
 *
 * @typedef {"down" | "other" | "no-upgrade" | "refused"} Kind
 * @typedef {{kind: Kind, sentence: string}} Obstacle
 */

const DOWN = "The service does not answer; trying again.";
const NO_UPGRADE =
  "The service answers, but no WebSocket reaches it: a proxy in front of it must pass on the headers Upgrade and Connection for /api/stream.";

/** What is said before anything is known. @type {Obstacle} */
export const UNKNOWN = { kind: "down", sentence: DOWN };

/**
 * @param {string} url of the stream, which is on the page's own server
 * @param {(url: string) => Promise<Response>} ask
 * @returns {Promise<Obstacle>}
 */
export async function findObstacle(url, ask = (address) => fetch(address, { cache: "no-store" })) {
  const address = new URL(url.replace(/^ws/, "http"));
  const answer = await answerOf(() => ask(`${address.href}?origin=${encodeURIComponent(address.origin)}`));
  if (!answer || answer.status >= 500) return UNKNOWN;
  const { error } = await answer.json().catch(() => ({}));
  if (answer.status === 426 && error) return { kind: "no-upgrade", sentence: NO_UPGRADE };
  if (answer.status === 403 && error) return { kind: "refused", sentence: error.detail };
  const sentence = `Something else answers at ${address.href}, with status ${answer.status}: a proxy must pass everything under /api on to the service.`;
  return { kind: "other", sentence };
}

/** @param {() => Promise<Response>} ask @returns {Promise<Response | null>} null where nothing answers */
async function answerOf(ask) {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

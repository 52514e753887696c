/** The worker that works out origins beside the page. */

import { Explainer } from "./explainer.mjs";

/** @typedef {{postMessage: (message: unknown) => void, onmessage: (event: MessageEvent) => void}} Port */
const port = /** @type {Port} */ (/** @type {unknown} */ (self));

/** Messages to itself queue up behind those of the page; a timer would wait for longer. */
const { port1, port2 } = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
port1.onmessage = () => waiting.shift()?.();

/** @returns {Promise<void>} */
const pause = () =>
  new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });

const explainer = new Explainer((message) => port.postMessage(message), pause);
port.onmessage = (/** @type {MessageEvent} */ event) => explainer.hear(event.data);

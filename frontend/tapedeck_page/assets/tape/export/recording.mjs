/**
 * The whole figure as a film: a canvas is drawn step by step and recorded as it is, in the time that it takes.
 *
 * @typedef {import("./figure.mjs").Shot} Shot
 */

import { figureGround, figureOverlay } from "./figure.mjs";
import { load } from "./raster.mjs";

/** What browsers can record, the best first. */
const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];
const BITS_A_SECOND = 6e6;
/** How long the last step stands. */
const LAST_MS = 1000;

/** What this browser lacks to record a film, in a sentence; null if nothing. */
export function missingForFilm() {
  if (typeof MediaRecorder === "undefined") return "This browser cannot record video; take the GIF.";
  if (!HTMLCanvasElement.prototype.captureStream) return "This browser cannot record what a page draws; take the GIF.";
  return typeOfFilm() ? null : "This browser records no kind of video that Tapedeck knows; take the GIF.";
}

const typeOfFilm = () => TYPES.find((type) => MediaRecorder.isTypeSupported(type));

/**
 * A film of a canvas, and what puts the canvas as it is into it. Chromium has that call on the track and Firefox on the stream;
 * where there is none the browser takes each picture by itself when it changes.
 *
 * @param {HTMLCanvasElement} canvas
 */
function filmOf(canvas) {
  const byHand = canvas.captureStream(0);
  for (const has of /** @type {{requestFrame?: () => void}[]} */ ([byHand.getVideoTracks()[0], byHand])) {
    if (typeof has.requestFrame === "function") return { stream: byHand, shoot: () => has.requestFrame?.() };
  }
  return { stream: canvas.captureStream(), shoot: () => {} };
}

/**
 * @param {Shot} shot its step is left out: all are recorded
 * @param {number} stepsPerSecond
 * @param {(done: number, of: number) => void} told after each step
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>}
 * @throws {DOMException} AbortError: it was cancelled
 */
export async function record(shot, stepsPerSecond, told, signal) {
  const [missing, type] = [missingForFilm(), typeOfFilm()];
  if (missing || !type) throw new Error(missing ?? "");
  const { trace } = shot;
  const { canvas, draw } = await stage(shot);
  const { stream, shoot } = filmOf(canvas);
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: BITS_A_SECOND });
  /** @type {Blob[]} */
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  try {
    for (let step = 0; step < trace.steps; step++) {
      const due = performance.now() + 1000 / stepsPerSecond;
      await draw(step);
      shoot();
      told(step + 1, trace.steps);
      await rest(due - performance.now(), signal);
    }
    await rest(LAST_MS, signal);
    shoot(); // without a frame at its end the last step would not stand
  } finally {
    recorder.stop();
    await stopped;
    stream.getTracks().forEach((track) => track.stop());
  }
  return new Blob(parts, { type: type.split(";")[0] });
}

/** A canvas to draw the steps on: what lies still is drawn once. @param {Shot} shot */
async function stage(shot) {
  const still = figureGround(shot);
  const ground = await load(still);
  const canvas = document.createElement("canvas");
  canvas.width = 2 * Math.ceil(still.width / 2); // video has even sides
  canvas.height = 2 * Math.ceil(still.height / 2);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  const draw = async (/** @type {number} */ step) => {
    const moving = await load(figureOverlay({ ...shot, step }));
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(ground, 0, 0, still.width, still.height);
    context.drawImage(moving, 0, 0, still.width, still.height);
  };
  return { canvas, draw };
}

/** @param {number} ms @param {AbortSignal} signal */
function rest(ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => (clearTimeout(timer), reject(signal.reason));
    const timer = setTimeout(() => (signal.removeEventListener("abort", stop), resolve(undefined)), Math.max(0, ms));
    signal.addEventListener("abort", stop, { once: true });
  });
}

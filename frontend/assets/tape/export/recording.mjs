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

/** What this browser records; null if nothing. */
export function recordable() {
  if (typeof MediaRecorder === "undefined" || !HTMLCanvasElement.prototype.captureStream) return null;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
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
  const type = recordable();
  if (!type) throw new Error("This browser cannot record a film; take the GIF.");
  const { trace } = shot;
  const { canvas, draw } = await stage(shot);
  const stream = canvas.captureStream(0);
  const track = /** @type {CanvasCaptureMediaStreamTrack} */ (stream.getVideoTracks()[0]);
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
      track.requestFrame();
      told(step + 1, trace.steps);
      await rest(due - performance.now(), signal);
    }
    await rest(LAST_MS, signal);
    track.requestFrame(); // without a frame at its end the last step would not stand
  } finally {
    recorder.stop();
    await stopped;
    track.stop();
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

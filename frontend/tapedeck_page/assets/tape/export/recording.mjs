/**
 * The animation as a film: the frames of the service's GIF, each as long as the player would show it, recorded from a canvas
 * in the time that it takes.
 */

/** What browsers can record, the best first. */
const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];
const BITS_A_SECOND = 6e6;
/** How long the last step stands. */
const LAST_MS = 1000;

/** What this browser lacks to record a film, in a sentence; null if nothing. */
export function missingForFilm() {
  if (typeof MediaRecorder === "undefined") return "This browser cannot record video; take the GIF.";
  if (typeof ImageDecoder === "undefined") return "This browser cannot take an animation apart; take the GIF.";
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
 * @param {Blob} animation a GIF, of one frame a step or of fewer
 * @param {number} seconds that the whole run takes at the player's speed
 * @param {(done: number, of: number) => void} told after each frame
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>}
 * @throws {DOMException} AbortError: it was cancelled
 */
export async function record(animation, seconds, told, signal) {
  const [missing, type] = [missingForFilm(), typeOfFilm()];
  if (missing || !type) throw new Error(missing ?? "");
  const decoder = new ImageDecoder({ data: await animation.arrayBuffer(), type: animation.type });
  await decoder.tracks.ready;
  const count = decoder.tracks.selectedTrack?.frameCount ?? 0;
  const canvas = document.createElement("canvas");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  const draw = async (/** @type {number} */ frameIndex) => {
    const { image } = await decoder.decode({ frameIndex });
    // Video has even sides; setting them clears the canvas.
    if (frameIndex === 0) [canvas.width, canvas.height] = [image.displayWidth, image.displayHeight].map((side) => 2 * Math.floor(side / 2));
    context.drawImage(image, 0, 0);
    image.close();
  };
  await draw(0);
  const { stream, shoot } = filmOf(canvas);
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: BITS_A_SECOND });
  /** @type {Blob[]} */
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  try {
    for (let frame = 0; frame < count; frame++) {
      const due = performance.now() + (1000 * seconds) / count;
      await draw(frame);
      shoot();
      told(frame + 1, count);
      await rest(due - performance.now(), signal);
    }
    await rest(LAST_MS, signal);
    shoot(); // without a frame at its end the last step would not stand
  } finally {
    recorder.stop();
    await stopped;
    stream.getTracks().forEach((track) => track.stop());
    decoder.close();
  }
  return new Blob(parts, { type: type.split(";")[0] });
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

/**
 * Prints: light whatever the page is, whole, and with every mark where it stands on the page.
 *
 * No animation frame comes before a print is made, so all of it is done at once when the browser announces one.
 */

/** What the page moves by as many pixels as its own width asks for; paper has another width. */
const MOVED = ".playhead, .curtain, .step-hair, .location-hair, .bar-number";

/** Of the page, while a print is made. @type {string | undefined} */
let scheme = undefined;

/** @param {(printed: boolean) => void} paint what canvases show, in the colours of now @param {AbortSignal} signal */
export function printLight(paint, signal) {
  const page = document.documentElement.dataset;
  addEventListener("beforeprint", () => {
    scheme ??= page.mantineColorScheme;
    page.mantineColorScheme = "light";
    paint(true);
    document.querySelectorAll(MOVED).forEach((part) => placeByShares(/** @type {HTMLElement} */ (part)));
    document.querySelectorAll("canvas").forEach(printAsPicture);
  }, { signal });
  addEventListener("afterprint", () => {
    if (scheme) page.mantineColorScheme = scheme;
    scheme = undefined;
    paint(false);
  }, { signal });
}

/** Says where a part stands in shares of what it stands in, from the nearer side; the style sheet for print takes these. @param {HTMLElement} part */
function placeByShares(part) {
  const own = part.getBoundingClientRect();
  const whole = part.parentElement?.getBoundingClientRect();
  if (!whole?.width || !own.width) return;
  const share = (/** @type {number} */ pixels) => `${((100 * pixels) / whole.width).toFixed(3)}%`;
  const [left, right] = [own.left - whole.left, whole.right - own.right];
  part.style.setProperty("--print-width", share(own.width));
  part.style.setProperty("--print-left", left <= right ? share(left) : "auto");
  part.style.setProperty("--print-right", left <= right ? "auto" : share(right));
}

/**
 * Chromium prints what was drawn on a canvas since it was last cleared, and prints clearing as white, over whatever lies under
 * it. So the canvases of a place become one picture on the place's own ground, on the lowest of them; the others are not printed.
 *
 * @param {HTMLCanvasElement} canvas
 */
function printAsPicture(canvas) {
  const { width, height } = canvas;
  if (width * height === 0 || !canvas.checkVisibility() || canvas.matches("canvas + canvas")) return;
  // Put together on a copy: a browser counts how often a canvas is read, and advises against it.
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!copy) return;
  copy.fillStyle = groundOf(canvas);
  copy.fillRect(0, 0, width, height);
  for (const each of canvas.parentElement?.querySelectorAll(":scope > canvas") ?? []) {
    copy.drawImage(/** @type {HTMLCanvasElement} */ (each), 0, 0, width, height);
  }
  canvas.getContext("2d")?.putImageData(copy.getImageData(0, 0, width, height), 0, 0);
}

/** The colour that something lies on. @param {Element} part */
function groundOf(part) {
  for (let place = part.parentElement; place; place = place.parentElement) {
    const { backgroundColor } = getComputedStyle(place);
    if (backgroundColor !== "rgba(0, 0, 0, 0)") return backgroundColor;
  }
  return "#fff";
}

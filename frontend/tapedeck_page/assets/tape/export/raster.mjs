/**
 * A picture as pixels.
 *
 * @typedef {import("./figure.mjs").Picture} Picture
 */

/** For print: 3 pixels a point is 288 dots an inch. */
export const PRINT_SCALE = 3;

/** @param {Picture} picture @param {number} scale pixels a point @returns {Promise<HTMLImageElement>} */
export async function load({ svg, width, height }, scale = 1) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image(Math.round(width * scale), Math.round(height * scale));
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @param {Picture} picture @returns {Promise<Blob>} a PNG of print quality */
export async function png(picture) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * PRINT_SCALE);
  canvas.height = Math.round(picture.height * PRINT_SCALE);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(await load(picture, PRINT_SCALE), 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large for this browser."))), "image/png");
  });
}

/** A file that the browser keeps, as if it were downloaded. */

/** How long it is kept for the browser, which reads it after the click, in milliseconds. */
const KEPT_MS = 60_000;

/** @param {Blob} blob @param {string} name of the file */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

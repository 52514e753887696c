/**
 * Files with a sequence: chosen, dropped anywhere on the composer, or pasted. They are handed on as they are; what is in them
 * is for the page's server to say.
 *
 * @typedef {{name: string, size: number, contents: string | null, turn: number}} Handed `contents` is a data URL; null where
 *   the file is larger than any sequence
 */

import { element, find } from "./dom.mjs";

/** @param {HTMLElement} composer with a .file in it @param {(file: Handed) => void} hand */
export function takeFiles(composer, hand) {
  const place = find(".file", composer);
  const most = Number(place.dataset.mostBytes);
  let turn = 0;
  const take = async (/** @type {File | undefined} */ file) => {
    if (!file) return;
    // The turn makes a file that comes a second time another one.
    hand({ name: file.name, size: file.size, contents: file.size > most ? null : await dataUrl(file), turn: ++turn });
  };
  const input = element("input", "");
  input.type = "file";
  input.accept = place.dataset.endings ?? "";
  input.addEventListener("change", () => {
    take(input.files?.[0]);
    input.value = "";
  });
  find("button", place).addEventListener("click", () => input.click());
  composer.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    composer.classList.add("file-over");
  });
  composer.addEventListener("dragleave", (event) => {
    if (!composer.contains(/** @type {Node | null} */ (event.relatedTarget))) composer.classList.remove("file-over");
  });
  composer.addEventListener("drop", (event) => {
    composer.classList.remove("file-over");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
  composer.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    // A spreadsheet puts its cells beside a picture of them: the text counts, which a field takes by itself.
    if (text.trim() && isField(event.target)) return;
    const file = text.trim() ? new File([text], "clipboard.txt") : event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    take(file);
  });
}

/** @param {EventTarget | null} target whether text can be pasted there */
function isField(target) {
  return target instanceof Element && target.closest("textarea, input") !== null;
}

/** @param {File} file @returns {Promise<string>} */
function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/**
 * Files with a sequence: chosen, dropped anywhere on the page, or pasted. They are handed on as they are; what is in them
 * is for the page's server to say. A trace file, which any of them may be, is opened here and never leaves the browser.
 *
 * @typedef {{name: string, size: number, contents: string | null, turn: number}} Handed `contents` is a data URL; null where
 *   the file is larger than any sequence
 */

import { element, find } from "#viewer/draw/dom.mjs";

/**
 * @param {HTMLElement} composer with a .file in it; it says how many bytes at most, and the endings of names
 * @param {{hand: (file: Handed) => void, open: (file: File) => Promise<boolean>, refuse: (sentence: string) => void}} to `open` says
 *   whether it is a trace file
 * @param {AbortSignal} signal when the page is taken away
 */
export function takeFiles(composer, { hand, open, refuse }, signal) {
  const place = find(".file", composer);
  const most = Number(composer.dataset.mostBytes);
  let turn = 0;
  /** While a file is open the composer has stepped aside, and another may be dropped. */
  const isTaken = () => composer.closest("main")?.checkVisibility() ?? false;
  const take = async (/** @type {File | undefined} */ file) => {
    if (!file) return;
    try {
      if ((await open(file)) || !composer.checkVisibility()) return;
      const contents = file.size > most ? null : await dataUrl(file);
      // The turn makes a file that comes a second time another one.
      hand({ name: file.name, size: file.size, contents, turn: ++turn });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      refuse(`${file.name} cannot be read; choose a file that you are allowed to open.`);
    }
  };
  const input = element("input", "");
  input.type = "file";
  input.accept = composer.dataset.endings ?? "";
  input.addEventListener("change", () => {
    take(input.files?.[0]);
    input.value = "";
  });
  find("button", place).addEventListener("click", () => input.click());
  // On all of the page: a file that is dropped beside the composer would else be opened in the page's place.
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (composer.checkVisibility()) composer.classList.add("file-over");
    else if (!isTaken()) event.dataTransfer.dropEffect = "none";
  }, { signal });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) composer.classList.remove("file-over");
  }, { signal });
  document.addEventListener("drop", (event) => {
    composer.classList.remove("file-over");
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (!isTaken()) return;
    const entry = event.dataTransfer.items[0]?.webkitGetAsEntry();
    const { files } = event.dataTransfer;
    if (files.length > 1) refuse(`One file is read at a time, and ${files.length} came; drop only one.`);
    else if (entry?.isDirectory) refuse(`${entry.name} is a folder; drop one of the files in it.`);
    else take(files[0]);
  }, { signal });
  composer.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    // A spreadsheet puts its cells beside a picture of them: the text counts, which a field takes by itself.
    if (text.trim() && isField(event.target)) return;
    const file = text.trim() ? new File([text], "clipboard.txt") : event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    const count = text.trim() ? 1 : (event.clipboardData?.files.length ?? 0);
    if (count > 1) refuse(`One file is read at a time, and ${count} came; copy only one.`);
    else take(file);
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

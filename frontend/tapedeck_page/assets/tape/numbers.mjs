/** The number fields, which are Mantine's. */

const NUMBERS = ".mantine-NumberInput-input";
/** What a number is while it is typed. */
const NUMBER = /^-?\d*\.?\d*$/;

/**
 * Keeps out of number fields what is not part of a number, and says so: the fields would leave it out in silence and make 64 of
 * “6 4”, or 645 of a pasted “64,5”.
 *
 * @param {(field: HTMLInputElement, sentence: string) => void} say an empty sentence takes back the one before
 * @param {AbortSignal} signal when it ends
 * @param {Document} page
 */
export function refuseWords(say, signal, page = document) {
  /** The field that the last sentence is about. @type {HTMLInputElement | null} */
  let refused = null;
  page.addEventListener(
    "beforeinput",
    (event) => {
      const field = event.target;
      if (!(field instanceof HTMLInputElement) || !field.matches(NUMBERS)) return;
      const given = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
      if (canStand(field, given)) {
        if (refused) say(refused, "");
        refused = null;
        return;
      }
      event.preventDefault();
      refused = field;
      say(field, `A number is expected here, such as 20 or 0.5; “${given}” was left out.`);
    },
    { signal },
  );
}

/** Whether a field is a number, or becomes one, with what is put in at the caret. @param {HTMLInputElement} field @param {string} given */
function canStand({ value, selectionStart, selectionEnd }, given) {
  const put = given.length > 1 ? given.trim() : given; // blanks around what is pasted say nothing
  const after = (/** @type {string} */ text) => value.slice(0, selectionStart ?? 0) + text + value.slice(selectionEnd ?? value.length);
  return NUMBER.test(after(put === "," ? "." : put)); // a comma that is typed is read as a point
}

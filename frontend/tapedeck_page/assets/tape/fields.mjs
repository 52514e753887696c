/**
 * The number fields that Dash owns. What is typed reaches Dash some moments after the key, so whoever types and at once
 * presses a button would have the button work with what stood there before: the press waits until Dash has heard everything.
 */

const FIELDS = ".evaluation .mantine-NumberInput-input";
const BUTTONS = "#evaluate";

/** The longest that a press waits, for a field that never says the same as Dash, such as a lone minus. */
const PATIENCE_MS = 500;

/**
 * @param {() => boolean} settled whether Dash knows what stands in every field
 * @param {Document} page
 */
export function holdPresses(settled, page = document) {
  /** The button whose press is held, and whether it is let through now. @type {HTMLElement | null} */
  let held = null;
  let through = false;
  const look = (/** @type {number} */ until) => {
    if (!settled() && performance.now() < until) return void setTimeout(look, 0, until);
    through = true;
    held?.click();
    through = false;
    held = null;
  };
  const hold = (/** @type {MouseEvent} */ event) => {
    const button = event.target instanceof Element ? event.target.closest(BUTTONS) : null;
    if (through || !(button instanceof HTMLElement) || (!held && settled())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!held) setTimeout(look, 0, performance.now() + PATIENCE_MS);
    held = button;
  };
  page.addEventListener("click", hold, { capture: true });
}

/** Whether Dash knows what stands in every field. */
export function dashHasHeard() {
  return [...document.querySelectorAll(FIELDS)].every((field) => {
    const { id, value } = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (field);
    const props = window.dash_component_api.getLayout(id)?.props;
    return !props || String(props.value ?? "") === value;
  });
}

const NUMBERS = ".mantine-NumberInput-input";
/** What a number is while it is typed. */
const NUMBER = /^-?\d*\.?\d*$/;

/**
 * Keeps out of number fields what is not part of a number, and says so: the fields would leave it out in silence and make 64 of
 * “6 4”, or 645 of a pasted “64,5”.
 *
 * @param {(field: HTMLInputElement, sentence: string) => void} say an empty sentence takes back the one before
 * @param {Document} page
 */
export function refuseWords(say, page = document) {
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
    { capture: true },
  );
}

/** Whether a field is a number, or becomes one, with what is put in at the caret. @param {HTMLInputElement} field @param {string} given */
function canStand({ value, selectionStart, selectionEnd }, given) {
  const put = given.length > 1 ? given.trim() : given; // blanks around what is pasted say nothing
  const after = (/** @type {string} */ text) => value.slice(0, selectionStart ?? 0) + text + value.slice(selectionEnd ?? value.length);
  return NUMBER.test(after(put === "," ? "." : put)); // a comma that is typed is read as a point
}

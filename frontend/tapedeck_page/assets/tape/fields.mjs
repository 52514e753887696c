/**
 * The number fields that Dash owns. What is typed reaches Dash some moments after the key, so whoever types and at once
 * presses a button would have the button work with what stood there before: the press waits until Dash has heard everything.
 */

const FIELDS = ".way-random .mantine-NumberInput-input, .evaluation .mantine-NumberInput-input";
const BUTTONS = "#evaluate, #composer-random";

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

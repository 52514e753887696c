/** The lab's own parts: one of several, a number, a button. Native elements, so that keys and fingers are theirs. */

import { build, element } from "#viewer/draw/dom.mjs";

let made = 0;

/**
 * One of several, as radio buttons in a row.
 *
 * @param {string} label @param {string} className
 * @param {(value: string) => void} chosen
 */
export function segments(label, className, chosen) {
  const name = `lab-choice-${(made += 1)}`;
  const root = build("div", { class: `segments ${className}`, role: "radiogroup", "aria-label": label });
  /** What is offered, so that it is made anew only where it is another. */
  let offered = "";
  root.addEventListener("change", ({ target }) => target instanceof HTMLInputElement && chosen(target.value));
  /** @param {[value: string, label: string, disabled?: boolean][]} options @param {string} value that is chosen */
  const show = (options, value) => {
    if (offered !== JSON.stringify(options)) {
      offered = JSON.stringify(options);
      root.replaceChildren(...options.map(([each, words, disabled]) => {
        const input = Object.assign(element("input", ""), { type: "radio", name, value: each, disabled: Boolean(disabled) });
        return build("label", { "data-choice": each }, input, words);
      }));
    }
    for (const input of root.querySelectorAll("input")) input.checked = input.value === value;
  };
  return { root, show };
}

/** @param {string} words @param {string} action @param {() => void} pressed */
export function button(words, action, pressed) {
  const made = build("button", { type: "button", class: "quiet", "data-lab": action }, words);
  made.addEventListener("click", pressed);
  return made;
}

/** How far something has come that takes a while, in words beside it, with a way to cancel it. @param {string} label @param {string} action @param {() => void} cancelled */
export function waitingLine(label, action, cancelled) {
  return build("div", { class: "probe-waiting", hidden: "" }, build("progress", { "aria-label": label }), build("span", {}), button("Cancel", action, cancelled));
}

/**
 * A field for a number. What is no number is marked, and nothing is told.
 *
 * @param {string} label for those who do not see where it stands @param {(value: number) => void} typed @param {{min?: number, max?: number, whole?: boolean}} range
 */
export function numberField(label, typed, { min, max, whole = false } = {}) {
  const field = Object.assign(element("input", "lab-number"), { type: "number", step: whole ? "1" : "any" });
  if (min !== undefined) field.min = String(min);
  if (max !== undefined) field.max = String(max);
  field.setAttribute("aria-label", label);
  const isRight = () => field.value !== "" && (!whole || Number.isInteger(field.valueAsNumber)) && field.validity.valid;
  field.addEventListener("input", () => {
    field.setAttribute("aria-invalid", String(!isRight()));
    if (isRight()) typed(field.valueAsNumber);
  });
  /** What is being typed stays as it is. @param {number} value */
  const show = (value) => {
    if (document.activeElement === field && field.value !== "" && isRight()) return;
    field.value = asTyped(value);
    field.removeAttribute("aria-invalid");
  };
  return { root: field, show, isRight };
}

/** A number as one would type it. @param {number} value */
export const asTyped = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "");

/** @param {string} label @param {string} className @param {[string, string][]} options */
export function chooser(label, className, options) {
  const select = build("select", { class: className, "aria-label": label });
  select.replaceChildren(...options.map(([value, words]) => new Option(words, value)));
  return select;
}

/** Other options, hidden where there is none; what was chosen stays where it is still there. @param {HTMLSelectElement} select @param {[string, string][]} options @param {RegExp} proposed */
export function fill(select, options, proposed = /^$/) {
  const offered = JSON.stringify(options);
  if (select.dataset.offered === offered) return;
  const before = select.value;
  const chosen = options.find(([value]) => value === before) ?? options.find(([value]) => proposed.test(value)) ?? options[0];
  select.dataset.offered = offered;
  select.replaceChildren(...options.map(([value, words]) => new Option(words, value)));
  select.value = chosen?.[0] ?? "";
  select.hidden = options.length === 0;
}

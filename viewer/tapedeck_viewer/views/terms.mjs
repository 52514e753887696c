/**
 * The terms of the equations: pointing at one lights up what it speaks of, in the panels, the memory and the inspector.
 *
 * @typedef {import("./tape.mjs").Tape} Tape
 */

/**
 * @param {HTMLElement} root
 * @param {Tape} tape
 */
export function listenToTerms(root, tape) {
  const termOf = (/** @type {Event} */ { target }) => (target instanceof Element ? target.closest("[data-term]") : null);
  for (const event of ["pointerover", "focusin"]) {
    root.addEventListener(event, (each) => {
      const term = termOf(each);
      if (term) light(root, tape, term.getAttribute("data-term") ?? "");
    });
  }
  for (const event of ["pointerout", "focusout"]) {
    root.addEventListener(event, (each) => {
      if (!termOf(each)) return;
      root.querySelectorAll(".lit").forEach((lit) => lit.classList.remove("lit"));
      tape.unlightField();
    });
  }
}

/** @param {HTMLElement} root @param {Tape} tape @param {string} speaks head and field, and how many steps from the cursor */
function light(root, tape, speaks) {
  const [field, back] = speaks.split("@");
  const [head, name] = field.split(".");
  tape.lightField(field, Number(back ?? 0));
  const inspected = root.querySelector(`[data-inspects="${head}"]`);
  const places = [
    name === "memory" ? root.querySelector("[data-memory] .plot") : null,
    back === undefined ? inspected?.querySelector(`[data-stage=${name}]`) : null,
    inspected?.querySelector(`[data-vector="${field}"] .strip`),
    inspected?.querySelector(`[data-timeline="${field}"] .line`),
  ];
  places.forEach((place) => place?.classList.add("lit"));
}

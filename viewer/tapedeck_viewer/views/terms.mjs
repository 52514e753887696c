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
  for (const term of root.querySelectorAll("[data-term]")) {
    const speaks = term.getAttribute("data-term") ?? "";
    for (const event of ["pointerenter", "focus"]) {
      term.addEventListener(event, () => light(root, tape, speaks));
    }
    for (const event of ["pointerleave", "blur"]) {
      term.addEventListener(event, () => {
        root.querySelectorAll(".lit").forEach((lit) => lit.classList.remove("lit"));
        tape.unlightField();
      });
    }
  }
}

/** @param {HTMLElement} root @param {Tape} tape @param {string} speaks head and field, and how many steps from the cursor */
function light(root, tape, speaks) {
  const [field, back] = speaks.split("@");
  const [head, name] = field.split(".");
  tape.lightField(field, Number(back ?? 0));
  const inspected = root.querySelector(`[data-inspects=${head}]`);
  const places = [
    name === "memory" ? root.querySelector("[data-memory] .plot") : null,
    back === undefined ? inspected?.querySelector(`[data-stage=${name}]`) : null,
    inspected?.querySelector(`[data-vector="${field}"] .strip`),
    inspected?.querySelector(`[data-timeline="${field}"] .line`),
  ];
  places.forEach((place) => place?.classList.add("lit"));
}

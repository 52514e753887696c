/** What a technical word means, beside it: while it is pointed at or has the focus, and after a tap until the next one. */

import { element } from "./dom.mjs";

const MARGIN_PX = 8;

export function listenToDefinitions() {
  const note = element("div", "definition");
  note.id = "definition";
  note.setAttribute("role", "tooltip");
  note.hidden = true;
  document.body.append(note);

  /** The word that is explained. @type {Element | null} */
  let shown = null;
  const show = (/** @type {Element} */ word) => {
    shown = word;
    note.textContent = word.getAttribute("data-meaning") ?? "";
    note.hidden = false;
    word.setAttribute("aria-describedby", note.id);
    place(word);
  };
  const place = (/** @type {Element} */ word) => {
    const [box, own] = [word.getBoundingClientRect(), note.getBoundingClientRect()];
    const left = Math.max(MARGIN_PX, Math.min(box.left, innerWidth - own.width - MARGIN_PX));
    const above = box.bottom + own.height + MARGIN_PX > innerHeight;
    note.style.left = `${left}px`;
    note.style.top = `${above ? box.top - own.height - MARGIN_PX : box.bottom + MARGIN_PX / 2}px`;
  };
  const wordOf = (/** @type {Event} */ event) => (event.target instanceof Element ? event.target.closest("[data-define]") : null);
  const onWord = (/** @type {Event} */ event) => {
    const word = wordOf(event);
    if (word) show(word);
  };
  const hide = () => (note.hidden = true);
  /** A word that gets the focus is scrolled into view: what explains it goes with it, as far as it can be seen. */
  const follow = () => {
    if (!shown || note.hidden) return;
    const { top, bottom } = shown.getBoundingClientRect();
    if (bottom > 0 && top < innerHeight) place(shown);
    else hide();
  };
  for (const kind of ["pointerover", "focusin", "click"]) {
    document.addEventListener(kind, onWord);
  }
  for (const kind of ["pointerout", "focusout"]) {
    document.addEventListener(kind, (event) => {
      if (wordOf(event) && !(kind === "pointerout" && /** @type {PointerEvent} */ (event).pointerType === "touch")) hide();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("scroll", follow, { capture: true, passive: true });
}

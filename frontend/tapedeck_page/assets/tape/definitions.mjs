/**
 * What a technical word means, beside it: while it is pointed at or has the focus, and after a tap until the next one. The pointer
 * can go over to the explanation, which then stays; Escape takes it away.
 */

import { element } from "#viewer/draw/dom.mjs";

/** Between a word and what explains it; the style sheet bridges it. */
const GAP_PX = 4;
/** For a pointer on its way to the explanation, which need not go straight. */
const GRACE_MS = 200;
const MARGIN_PX = 8;

/** @param {AbortSignal} signal when the page is taken away */
export function listenToDefinitions(signal) {
  const note = element("div", "definition");
  note.id = "definition";
  note.setAttribute("role", "tooltip");
  note.hidden = true;

  /** The word that is explained. @type {Element | null} */
  let shown = null;
  /** Until it is hidden. @type {ReturnType<typeof setTimeout> | undefined} */
  let leaving = undefined;
  const show = (/** @type {Element} */ word) => {
    hide();
    shown = word;
    // Within the landmark of the word, for whoever goes from one to the next.
    (word.closest("main") ?? document.body).append(note);
    note.textContent = word.getAttribute("data-meaning") ?? "";
    note.hidden = false;
    word.setAttribute("aria-describedby", note.id);
    place(word);
  };
  const hide = () => {
    clearTimeout(leaving);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    note.hidden = true;
  };
  const place = (/** @type {Element} */ word) => {
    const [box, own] = [word.getBoundingClientRect(), note.getBoundingClientRect()];
    const left = Math.max(MARGIN_PX, Math.min(box.left, innerWidth - own.width - MARGIN_PX));
    const above = box.bottom + own.height + MARGIN_PX > innerHeight;
    note.style.left = `${left}px`;
    note.style.top = `${above ? box.top - own.height - GAP_PX : box.bottom + GAP_PX}px`;
  };
  /** The word that an element is in, the explanation being part of the word it explains. @param {EventTarget | null} target */
  const wordOf = (target) => {
    if (!(target instanceof Element)) return null;
    return note.contains(target) ? shown : target.closest("[data-define]");
  };
  /** A word that gets the focus is scrolled into view: what explains it goes with it, as far as it can be seen. */
  const follow = () => {
    if (!shown) return;
    const { top, bottom } = shown.getBoundingClientRect();
    if (bottom > 0 && top < innerHeight) place(shown);
    else hide();
  };
  for (const kind of ["pointerover", "focusin", "click"]) {
    document.addEventListener(kind, (event) => {
      const word = wordOf(event.target);
      if (word) clearTimeout(leaving);
      if (word && word !== shown) show(word);
    }, { signal });
  }
  for (const kind of /** @type {const} */ (["pointerout", "focusout"])) {
    document.addEventListener(kind, (event) => {
      const leaves = shown !== null && wordOf(event.target) === shown && wordOf(event.relatedTarget) !== shown;
      if (!leaves || (event instanceof PointerEvent && event.pointerType === "touch")) return;
      // What has the focus is still explained when the pointer goes, and what is pointed at when the focus goes.
      const held = kind === "pointerout" ? document.activeElement === shown : note.matches(":hover") || shown?.matches(":hover");
      if (held) return;
      clearTimeout(leaving);
      if (kind === "focusout") hide();
      else leaving = setTimeout(hide, GRACE_MS);
    }, { signal });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    // In a dialog Escape is the dialog's, whatever is still explained behind it.
    if (!document.querySelector("dialog:modal")) event.preventDefault();
    hide();
  }, { signal });
  document.addEventListener("scroll", follow, { capture: true, passive: true, signal }); // of whatever scrolls
}

/**
 * The keyboard: the player from anywhere on the page, but not while typing in a field.
 *
 * @typedef {import("../model/cursor.mjs").TimeCursor} TimeCursor
 */

const LEAP = 5;
const PAGE = 10;

/**
 * What a key does to the cursor.
 *
 * @param {TimeCursor} cursor
 * @param {KeyboardEvent} event
 * @param {() => void} [toggle] what begins and ends to play
 * @returns {(() => void) | null} null for a key that the player leaves alone
 */
export function actionOf(cursor, event, toggle = () => cursor.toggle()) {
  if ((event.ctrlKey || event.metaKey || event.altKey) && !isTypedWithAltGr(event)) {
    return null;
  }
  const leap = event.shiftKey ? LEAP : 1;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key; // caps lock may be on
  switch (key) {
    case " ":
    case "k":
      return toggle;
    case "ArrowLeft":
      return () => cursor.move(-leap);
    case "ArrowRight":
      return () => cursor.move(leap);
    case "PageUp":
      return () => cursor.move(PAGE);
    case "PageDown":
      return () => cursor.move(-PAGE);
    case "Home":
      return () => cursor.move(-cursor.total);
    case "End":
      return () => cursor.move(cursor.total);
    case "<":
      return () => cursor.changeSpeed(-1);
    case ">":
      return () => cursor.changeSpeed(1);
    case "n":
      return () => cursor.leap("phase", event.shiftKey ? -1 : 1);
    case "m":
      return () => cursor.leap("mark", event.shiftKey ? -1 : 1);
    case "l":
      return () => cursor.setLoop(!cursor.loop);
  }
  if (/^[0-9]$/.test(key)) {
    return () => {
      cursor.pause();
      cursor.seek((Number(key) / 10) * (cursor.total - 1));
    };
  }
  return null;
}

/** Whether AltGr was held to type a sign, as some keyboards need it for < and >. Windows says that Ctrl and Alt are held. @param {KeyboardEvent} event */
const isTypedWithAltGr = ({ ctrlKey, altKey, metaKey, key }) => ctrlKey && altKey && !metaKey && (key === "<" || key === ">");

/**
 * Whether a key belongs to the element that has the focus: a field that is typed in, or a button that space presses.
 *
 * @param {Element | null} focused
 * @param {string} key
 */
export function belongsTo(focused, key) {
  if (!(focused instanceof HTMLElement)) {
    return false;
  }
  if (focused.isContentEditable || focused.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [role=listbox], [role=application]")) {
    return true;
  }
  const typed = focused.closest("input, [role=radiogroup]");
  if (typed) {
    return key === " " || key.startsWith("Arrow");
  }
  return key === " " && focused.closest("button, a, summary") !== null;
}

/**
 * @param {TimeCursor} cursor
 * @param {{enabled: () => boolean, run: () => void, help: () => void, escape: () => void, toggle?: () => void}} options single keys can be switched off;
 *   `toggle` where more than the steps can be played
 * @param {AbortSignal} [signal] when it ends
 */
export function listenToKeys(cursor, options, signal) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      options.run();
      return;
    }
    if (event.defaultPrevented || belongsTo(document.activeElement, event.key)) {
      return;
    }
    if (event.key === "Escape") {
      options.escape();
      return;
    }
    const onBar = document.activeElement?.getAttribute("role") === "slider";
    if (!options.enabled() && !onBar) {
      return;
    }
    if (event.key === "?") {
      options.help();
      return;
    }
    const action = actionOf(cursor, event, options.toggle);
    if (action) {
      event.preventDefault();
      action();
    }
  }, { signal });
}

/**
 * A press: a pointer that goes down and up again in one place. A mouse that is dragged scrubs; a finger that is moved along
 * scrubs, and one that is moved up or down scrolls the page, which the browser tells by cancelling the pointer.
 *
 * @typedef {{
 *   press: (event: PointerEvent) => void, hover: (event: PointerEvent) => void, leave: () => void,
 *   drag?: (event: PointerEvent) => void,
 * }} Pointed `drag` is called while a mouse is down, from its first moment on, and while a finger moves along
 */

/** A hand is never quite still: so far, in pixels, is no movement. */
const STILL_PX = 5;

/** @param {HTMLElement} plot whose style lets the browser scroll up and down (touch-action) @param {Pointed} pointed */
export function listenToPresses(plot, { press, drag, hover, leave }) {
  /** Where the pointer went down, and how it has moved since. @type {{id: number, x: number, y: number, went: "nowhere" | "along" | "up or down"} | null} */
  let down = null;
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    down = { id: event.pointerId, x: event.clientX, y: event.clientY, went: "nowhere" };
    if (!drag) return;
    plot.setPointerCapture(event.pointerId);
    if (event.pointerType === "mouse") drag(event);
  });
  plot.addEventListener("pointermove", (event) => {
    if (down?.id !== event.pointerId) return event.pointerType === "touch" ? undefined : hover(event);
    const [across, upright] = [Math.abs(event.clientX - down.x), Math.abs(event.clientY - down.y)];
    // The first movement decides, as it does for the browser, which may send one more before it begins to scroll.
    if (down.went === "nowhere" && Math.hypot(across, upright) > STILL_PX) down.went = across >= upright ? "along" : "up or down";
    if (event.pointerType !== "mouse" && down.went !== "along") return; // it may yet be a tap, or scrolls the page
    drag?.(event);
    hover(event);
  });
  plot.addEventListener("pointerup", (event) => {
    if (down?.id !== event.pointerId) return;
    if (down.went === "nowhere") press(event);
    down = null;
  });
  plot.addEventListener("pointercancel", () => {
    down = null;
    leave();
  });
  plot.addEventListener("pointerleave", leave);
}

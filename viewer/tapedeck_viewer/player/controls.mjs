/** The player's controls: what `Transport` works with. */

import { build } from "../draw/dom.mjs";

/** What a button does, what it says, and its key. @type {[string, string, string][]} */
const BUTTONS = [
  ["start", "To the start", "Home"],
  ["back", "One step back", "←"],
  ["play", "Play", "Space"],
  ["forward", "One step forward", "→"],
  ["end", "To the end", "End"],
];
/** To where something else begins. @type {[string, string, string][]} */
const LEAPS = [
  ["previous-phase", "Previous phase", "Shift+N"],
  ["next-phase", "Next phase", "N"],
  ["previous-mark", "Previous mark", "Shift+M"],
  ["next-mark", "Next mark", "M"],
];

/** Buttons, time bar, position, speed, loop. @param {HTMLElement[]} more modes, behind them */
export function controls(...more) {
  const [buttons, leaps] = [BUTTONS, LEAPS].map((all) => all.map(([action, label, key]) => button(action, label, key)));
  const phases = build("div", { class: "bar-phases" });
  const track = build("div", { class: "bar-track" }, build("div", { class: "bar-loaded" }), build("div", { class: "bar-fill" }));
  const spoken = { "aria-label": "Time", "aria-valuemin": "0", "aria-valuemax": "0", "aria-valuenow": "0", "aria-valuetext": "no tape yet" };
  const bar = build("div", { class: "bar", role: "slider", tabindex: "0", ...spoken }, phases, track, build("div", { class: "bar-thumb" }));
  const speed = build("select", { "data-action": "speed", "aria-label": "Speed" });
  const loop = button("loop", "Loop", "L");
  loop.setAttribute("aria-pressed", "false");
  return [
    build("div", { class: "bar-place" }, build("div", { class: "time-strip" }, bar, build("div", { class: "bar-marks" }))),
    build("div", { class: "buttons" }, ...buttons),
    build("div", { class: "leaps" }, ...leaps),
    build("p", { class: "narration", "data-readout": "narration" }),
    build("p", { class: "position", "data-readout": "position" }, "no tape yet"),
    build("div", { class: "modes" }, speed, loop, ...more),
    build("p", { class: "heard-only", "aria-live": "polite" }),
  ];
}

/** @param {string} action @param {string} label @param {string} key */
function button(action, label, key) {
  return build("button", { type: "button", class: `icon icon-${action}`, "data-action": action, "aria-label": label, title: `${label} (${key})` });
}

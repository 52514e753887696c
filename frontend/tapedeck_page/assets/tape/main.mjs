/**
 * Where the page begins: with what moves on it, and its first tape. The document is there by now, for the browser has read it as far
 * as the script of this.
 *
 * @typedef {import("#viewer/views/tape.mjs").Tape} Tape
 */

import { keepTime } from "#viewer/player/clock.mjs";
import { Dash } from "./dash.mjs";
import { Deck, placeOf } from "./deck.mjs";
import { listenToDefinitions } from "./definitions.mjs";
import { find } from "#viewer/draw/dom.mjs";
import { TakeAway } from "./export/menu.mjs";
import { takeFiles } from "./files.mjs";
import { listenToKeys } from "#viewer/player/keys.mjs";
import { refuseWords } from "./numbers.mjs";
import { listenToPages } from "./pages.mjs";
import { printLight } from "./print.mjs";
import { recall, remember } from "./remembered.mjs";
import { listenToRunKeys } from "./shelf.mjs";
import { addressOf } from "./root.mjs";
import { listenToTables } from "./table.mjs";
import { Tour } from "./tour.mjs";

const RUNS_ON_ENTER = "textarea, .number input, #locations";
const KEYS_SETTING = "tapedeck-single-keys";

/** So long Dash waits for the first tape at most: a service may be away, or a machine may be slow. */
const DASH_WAITS_MS = 1000;

/** The page, on the document as it was sent. @param {Dash} dash @param {AbortSignal} signal when it is taken away */
function start(dash, signal) {
  const deck = new Deck(streamUrl(), dash, signal);
  equip(deck, dash, signal);
  listenToPages((page) => deck.visit(page), signal);
  deck.begin();
  return deck;
}

/** Once the first tape is there, if there is to be one. @param {Dash} dash @param {Deck} deck */
async function beginDash(dash, deck) {
  const hasTape = ["play", "learn", "lab"].includes(deck.page);
  if (hasTape) await Promise.race([deck.firstTape, new Promise((over) => setTimeout(over, DASH_WAITS_MS))]);
  await dash.begin();
}

/** @param {Deck} deck @param {Dash} dash @param {AbortSignal} signal */
function equip(deck, dash, signal) {
  const wake = keepTime([deck.cursor, deck.plays]);
  deck.cursor.addEventListener("change", wake);
  deck.plays.changed = () => {
    deck.transport.showPlay();
    wake();
  };
  listenToDefinitions(signal); // before the keys: Escape takes away what explains a word, and nothing else
  const enabled = () => !inDialog() && ["play", "learn", "lab"].includes(deck.page) && recall(KEYS_SETTING) !== "off";
  listenToRunKeys(deck.address.visited, enabled, signal);
  listenToKeys(deck.cursor, {
    enabled,
    run: () => deck.opened.shown || find("#run").click(),
    help: openHelp,
    escape: () => inDialog() || deck.tape.unpin(),
    toggle: () => deck.plays.toggle(),
  }, signal);
  listenToButtons(deck, signal);
  refuseWords((field, sentence) => sayBeside(field, sentence, dash), signal);
  listenToDesk(deck);
  takeFiles(find(".composer", placeOf("composer")), {
    hand: (file) => {
      deck.composer.read();
      dash.tell(dash.ids.file, { data: { ...file, bits: deck.composer.bits } });
    },
    open: (file) => deck.opened.take(file),
    refuse: (sentence) => (deck.opened.shown ? deck.opened.told.refuse(sentence) : deck.composer.refuse(sentence)),
  }, signal);
  new TakeAway(deck, find("#away-menu", placeOf("away")), find(".away", placeOf("player")));
  printLight((printed) => {
    deck.tape.paintWhole(printed);
    deck.guide.chapters.forEach((chapter) => chapter.restyle());
  }, signal);
  listenToTables(find("#table", placeOf("table")), deck, signal);
  new Tour(find("#tour", placeOf("tour")), signal);
  signal.addEventListener("abort", () => deck.close());
}

/** @param {Deck} deck @param {AbortSignal} signal */
function listenToButtons({ tape, cursor, composer, opened }, signal) {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("#run")) return composer.run();
    const button = target?.closest("[data-action]");
    switch (button?.getAttribute("data-action")) {
      case "all-rows": {
        const all = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(all));
        return tape.showAll(all);
      }
      case "open-file":
        return opened.choose();
      case "close-file":
        return opened.told.close();
      case "first-wrong":
        cursor.pause();
        return cursor.seek(Number(/** @type {HTMLElement} */ (button).dataset.step));
      case "skip":
        event.preventDefault(); // the address holds the run, and no place on the page
        return find("#transport [role=slider]").focus();
      case "help":
        return openHelp();
      case "single-keys": {
        const on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        return remember(KEYS_SETTING, on ? "on" : "off");
      }
      case "close-help":
        return /** @type {HTMLDialogElement} */ (find("#help")).close();
    }
  }, { signal });
}

/** Enter runs, from any field of the composer and from the locations; with shift it breaks a line. @param {Deck} deck */
function listenToDesk(deck) {
  const desk = find(".desk");
  desk.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === 229; // Safari ends a composition with this key code alone
    if (event.key !== "Enter" || composing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof Element) || !event.target.matches(RUNS_ON_ENTER)) return;
    event.preventDefault();
    deck.composer.run();
  });
  desk.addEventListener("input", () => {
    deck.desk.show(); // what to expect depends on the number of locations
    deck.compare();
  });
}

/** In the place for what is wrong with a field. @param {Element} field @param {string} sentence @param {Dash} dash */
function sayBeside(field, sentence, dash) {
  if (field.closest(".chooser")) dash.tell(dash.ids.machineMessage, { children: sentence });
  else find("#evaluation-message").textContent = sentence;
}

/** While a dialog is open keys are its own: what closes it lets go of nothing behind it. */
const inDialog = () => document.querySelector("dialog:modal") !== null;

function openHelp() {
  const dialog = /** @type {HTMLDialogElement} */ (find("#help"));
  find("[data-action=single-keys]", dialog).setAttribute("aria-pressed", String(recall(KEYS_SETTING) !== "off"));
  dialog.showModal();
}

/** The stream of the page's own server. */
function streamUrl() {
  return addressOf("api/stream").replace(/^http/, "ws");
}

/** Whatever it is, a page that does nothing must say so. @param {unknown} error */
function sayThatItFailed(error) {
  console.error(error);
  const place = find("#notice");
  place.hidden = false;
  place.textContent = place.dataset.failed ?? "";
}

window.tapedeck = (async () => {
  const dash = new Dash(JSON.parse(find("#page").dataset.told ?? "{}"));
  const deck = start(dash, new AbortController().signal);
  beginDash(dash, deck).catch(sayThatItFailed);
  return deck;
})();
window.tapedeck.catch(sayThatItFailed);

/**
 * Where the page's moving part begins: called by the deck's component, as soon as React has laid out the page.
 *
 * @typedef {import("./deck.mjs").Dash} Dash
 * @typedef {import("#viewer/views/tape.mjs").Tape} Tape
 */

import { keepTime } from "#viewer/player/clock.mjs";
import { Deck } from "./deck.mjs";
import { listenToDefinitions } from "./definitions.mjs";
import { find } from "#viewer/draw/dom.mjs";
import { TakeAway } from "./export/menu.mjs";
import { takeFiles } from "./files.mjs";
import { listenToKeys } from "#viewer/player/keys.mjs";
import { refuseWords } from "./numbers.mjs";
import { printLight } from "./print.mjs";
import { recall, remember } from "./remembered.mjs";
import { listenToRunKeys } from "./shelf.mjs";
import { addressOf } from "./root.mjs";
import { listenToTables } from "./table.mjs";
import { Tour } from "./tour.mjs";

const RUNS_ON_ENTER = "textarea, .number input, #locations";
const KEYS_SETTING = "tapedeck-single-keys";

/**
 * @param {Places} places that the parts of the page have put themselves into
 * @param {Dash} dash
 * @param {AbortSignal} signal when the page is taken away
 */
export function start(places, dash, signal) {
  const rootOf = (/** @type {string} */ part) => /** @type {Place} */ (places.get(part)).root;
  const deck = new Deck(places, streamUrl(), dash, signal);
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
  takeFiles(find(".composer", rootOf("composer")), {
    hand: (file) => {
      deck.composer.read();
      dash.tell(dash.ids.file, { data: { ...file, bits: deck.composer.bits } });
    },
    open: (file) => deck.opened.take(file),
    refuse: (sentence) => (deck.opened.shown ? deck.opened.told.refuse(sentence) : deck.composer.refuse(sentence)),
  }, signal);
  new TakeAway(deck, find("#away-menu", rootOf("away")), find(".away", rootOf("player")));
  printLight((printed) => {
    deck.tape.paintWhole(printed);
    deck.guide.chapters.forEach((chapter) => chapter.restyle());
  }, signal);
  listenToTables(find("#table", rootOf("table")), deck, signal);
  new Tour(find("#tour", rootOf("tour")), signal);
  signal.addEventListener("abort", () => deck.close());
  return deck;
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

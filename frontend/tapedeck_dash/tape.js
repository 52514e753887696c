/**
 * What Dash's renderer looks up on `window`: the component, around what the viewer's modules make. A classic script, because Dash
 * loads its components so; the modules behind it come on their own, with nothing built.
 */
(() => {
  /** @typedef {import("../../viewer/tapedeck_viewer/player/embedded.mjs").Props & {id?: string, setProps: (told: object) => void}} Props */
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { createContext, createElement, useContext, useEffect, useLayoutEffect, useRef } = window.React;
  /** The deck that a tape stands in: one that has a run of its own to show, with a player and more around it. @type {Context<Places | null>} */
  const Deck = createContext(null);
  /** @type {Promise<typeof import("../../viewer/tapedeck_viewer/player/embedded.mjs")> | undefined} */
  let embedded;

  /** A tape: the deck's where it stands in one, else one with a player and a connection of its own. @param {Props} props */
  function Tape(props) {
    return createElement(useContext(Deck) ? TapeOfDeck : TapeAlone, props);
  }

  /** @param {Props} props */
  function TapeOfDeck(props) {
    const places = /** @type {Places} */ (useContext(Deck));
    const latest = useRef(props);
    latest.current = props;
    useLayoutEffect(() => {
      const tell = (/** @type {object} */ told) => latest.current.setProps(told);
      places.set("tape", { tell });
      return () => void places.delete("tape");
    }, [places]);
    useEffect(() => places.get("tape")?.show?.(props), [props.request, props.step, props.pin]);
    return null; // the deck has drawn it
  }

  /** @param {Props} props */
  function TapeAlone(props) {
    const root = useRef(null);
    /** @type {{current: import("../../viewer/tapedeck_viewer/player/embedded.mjs").EmbeddedTape | null}} */
    const tape = useRef(null);
    const latest = useRef(props);
    latest.current = props;
    useEffect(() => {
      let gone = false;
      embedded ??= import(new URL("../tapedeck_viewer/player/embedded.mjs", script.src).href);
      embedded?.then(({ EmbeddedTape }) => {
        if (gone) return;
        tape.current = new EmbeddedTape(root.current, props.service, (/** @type {object} */ told) => latest.current.setProps(told));
        tape.current.show(latest.current);
      });
      return () => {
        gone = true;
        tape.current?.close();
        tape.current = null;
      };
    }, [props.service]);
    useEffect(() => tape.current?.show(props), [props.request, props.step, props.pin]);
    return createElement("div", { id: props.id, ref: root, className: "tapedeck" });
  }

  window.tapedeck_dash = { Tape, Deck };
})();

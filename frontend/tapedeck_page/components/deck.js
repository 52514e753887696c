/**
 * The page's own components, which Dash's renderer looks up on `window`: the deck around Dash's share of the page, and the islands
 * where it stands. The document is there before Dash, and so is the tape on it: what React lays out goes where the document has
 * room for it.
 */
(() => {
  const { createElement, useEffect, useLayoutEffect, useRef } = window.React;

  /** @param {{children: unknown}} props */
  function Deck({ children }) {
    /** @type {{current: Places}} */
    const places = useRef(new Map());
    useEffect(() => {
      // What stands within is laid out by now.
      window.tapedeck.then((deck) => deck.meet(places.current));
    }, []);
    return createElement(window.tapedeck_dash.Deck.Provider, { value: places.current }, children);
  }

  /** @param {{name: string, children: unknown}} props */
  function Island({ name, children }) {
    const place = /** @type {HTMLElement} */ (document.querySelector(`[data-island="${name}"]`));
    const until = useRef([...place.childNodes]);
    useLayoutEffect(() => {
      for (const each of until.current) each.remove(); // in the frame in which the children come
      until.current = [];
    }, []);
    return window.ReactDOM.createPortal(children, place);
  }

  window.tapedeck_page = { Deck, Island };
})();

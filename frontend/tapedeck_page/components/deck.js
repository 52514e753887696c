/**
 * The page's own components, which Dash's renderer looks up on `window`: the deck around a page, the parts that it is put together
 * of, and a link from one page to another. They are laid out, mounted and taken away by React, as all of Dash's are; the modules
 * work on the elements that they are given here.
 */
(() => {
  /** An HTML component of Dash's. @typedef {{namespace: string, type: string, props: {children?: any, [name: string]: unknown}}} Described */
  const { createElement, useContext, useEffect, useLayoutEffect, useRef } = window.React;
  /** Named by the document, so that they are here by now. @type {HTMLLinkElement | null} */
  const link = document.querySelector("link[rel=modulepreload]");
  const modules = import(/** @type {HTMLLinkElement} */ (link).href);

  /** Called by the deck, once the page is laid out. @type {(deck: Promise<import("../assets/tape/deck.mjs").Deck>) => void} */
  let settle;
  window.tapedeck = new Promise((resolve) => (settle = resolve));

  /** @param {{children: unknown, ids: Record<string, string>}} props `ids` of the components that it tells of things */
  function Deck({ children, ids }) {
    /** @type {{current: Places}} */
    const places = useRef(new Map());
    useEffect(() => {
      const life = new AbortController();
      const tell = (/** @type {string} */ id, /** @type {object} */ props) => window.dash_clientside.set_props(id, props);
      // The parts within are laid out by now, and have put themselves into their places.
      const deck = modules.then((main) => main.start(places.current, { tell, ids }, life.signal));
      deck.catch(sayThatItFailed);
      settle(deck);
      return () => life.abort();
    }, []);
    return createElement(window.tapedeck_dash.Deck.Provider, { value: places.current }, children);
  }

  /** Scripts of one version with a page of another, for instance: whatever it is, a page that does nothing must say so. */
  function sayThatItFailed() {
    const place = document.querySelector("#notice");
    place?.removeAttribute("hidden");
    if (place) place.textContent = "The page could not start. Reload it; if that does not help, restart the service.";
  }

  /** HTML that stays as it is, for a module of the deck. @param {{name: string, content: Described[]}} props */
  function Part({ name, content }) {
    const places = useContext(window.tapedeck_dash.Deck);
    const root = useRef(null);
    useLayoutEffect(() => {
      places?.set(name, { root: root.current });
      return () => void places?.delete(name);
    }, [places, name]);
    return createElement("div", { ref: root, className: "place", "data-place": name }, rendered(content));
  }

  /** What Dash describes as its HTML components, as React has it. @param {Described | string | number | null | any[]} html @returns {unknown} */
  function rendered(html) {
    if (Array.isArray(html)) return createElement(window.React.Fragment, {}, ...html.map(rendered));
    if (typeof html !== "object" || html === null) return html;
    const { children, ...props } = html.props;
    const within = children === undefined ? [] : [rendered(children)];
    return createElement(html.type.toLowerCase(), props, ...within);
  }

  /** To another page, without loading anew; all that follows the address hears of it as of a step back or forward. @param {{href: string, children: unknown, className?: string}} props */
  function PageLink({ href, children, className }) {
    const follow = (/** @type {MouseEvent} */ event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      history.pushState({}, "", href);
      dispatchEvent(new PopStateEvent("popstate"));
      scrollTo(0, 0);
    };
    return createElement("a", { href, className, onClick: follow }, children);
  }

  window.tapedeck_page = { Deck, Part, PageLink };
})();

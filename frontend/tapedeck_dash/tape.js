/**
 * What Dash's renderer looks up on `window`: the component, around what the viewer's modules make. A classic script, because Dash
 * loads its components so; the modules behind it come on their own, with nothing built.
 */
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const embedded = import(new URL("../tapedeck_viewer/player/embedded.mjs", script.src).href);

  /** @param {import("../../viewer/tapedeck_viewer/player/embedded.mjs").Props & {id?: string, setProps: (told: object) => void}} props */
  function Tape(props) {
    const { createElement, useEffect, useRef } = window.React;
    const root = useRef(null);
    const tape = useRef(null);
    const latest = useRef(props);
    latest.current = props;
    useEffect(() => {
      let gone = false;
      embedded.then(({ EmbeddedTape }) => {
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

  window.tapedeck_dash = { Tape };
})();

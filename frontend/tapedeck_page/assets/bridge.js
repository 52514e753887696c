/**
 * What Dash's clientside callbacks call. A classic script, because Dash looks its functions up on `window`; the modules
 * behind it load once and on their own.
 */
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  /** @type {import("./tape/deck.mjs").Dash} */
  const dash = {
    tell: (/** @type {string} */ id, /** @type {object} */ props) => window.dash_clientside.set_props(id, props),
    ids: {
      drawn: "composer-drawn",
      evaluated: "evaluated-figure",
      file: "composer-file",
      link: "link",
      machine: "machine",
      machineMessage: "machine-message",
      message: "composer-message",
      seed: "train-seed",
      service: "service-state",
      way: "way-in",
    },
  };
  const watcher = new MutationObserver(putFixedParts);
  watcher.observe(document, { childList: true, subtree: true });
  putFixedParts();

  /** Puts what Dash does not own where it has left room for it, before anyone sees the page without. */
  function putFixedParts() {
    const parts = [...document.querySelectorAll("template[data-part]")];
    for (const part of parts) {
      const place = document.querySelector(`[data-place="${part.getAttribute("data-part")}"]`);
      if (!place) continue;
      place.append(/** @type {HTMLTemplateElement} */ (part).content);
      part.remove();
    }
    if (parts.length > 0 && !document.querySelector("template[data-part]")) watcher.disconnect();
  }

  const deck = import(new URL("tape/main.mjs", script.src).href).then((main) => main.start(dash));
  deck.catch(() => {
    // Scripts of one version with a page of another, for instance: whatever it is, a page that does nothing must say so.
    const place = document.querySelector("#notice");
    place?.removeAttribute("hidden");
    if (place) place.textContent = "The page could not start. Reload it; if that does not help, restart the service.";
  });

  const composer = import(new URL("tape/composer.mjs", script.src).href);

  window.tapedeck = deck;
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    tapedeck: {
      /** Shows what belongs to the page of an address, and hides the rest. */
      navigate: (/** @type {string} */ path) => {
        const links = [...document.querySelectorAll(".page-link")];
        const link = links.find((each) => each.getAttribute("href") === path) ?? links[0];
        const name = [...link.classList].find((each) => each.startsWith("page-") && each !== "page-link")?.slice(5) ?? "";
        links.forEach((each) => each.setAttribute("aria-current", each === link ? "page" : "false"));
        for (const part of document.querySelectorAll("[data-pages]")) {
          part.toggleAttribute("hidden", !part.getAttribute("data-pages")?.split(" ").includes(name));
        }
        document.body.dataset.page = name;
        deck.then((it) => it.visit(name));
      },
      /** Reads a link that the page was opened with. */
      open: () => deck.then(async (it) => (await it.address.open()) ?? window.dash_clientside.no_update),
      /** Takes what is composed; another machine and a link that was opened run it. */
      compose: (
        /** @type {string | null} */ machine,
        /** @type {import("./tape/address.mjs").Wanted | null} */ link,
        /** @type {import("./tape/composer.mjs").Composed | null} */ composed,
        /** @type {import("./tape/composer.mjs").Machine[] | null} */ machines,
      ) => {
        const changed = window.dash_clientside.callback_context.triggered.map(({ prop_id: id }) => id.split(".")[0]);
        deck.then((it) => {
          it.composer.know({ machine, link, composed, machines: machines ?? [] }, changed);
          it.compare();
        });
      },
      /** How many bits a vector of the chosen machine has; text is 8, so the bits are shown in its place. */
      widthOf: (
        /** @type {string | null} */ machine,
        /** @type {import("./tape/composer.mjs").Machine[] | null} */ machines,
        /** @type {number} */ before,
      ) => {
        const bits = machines?.find(({ id }) => id === machine)?.config.bits ?? before;
        if (bits === before) return window.dash_clientside.no_update;
        const way = /** @type {HTMLInputElement | null} */ (document.querySelector("#way-in input:checked"))?.value;
        if (bits !== 8 && way === "text") dash.tell(dash.ids.way, { value: "bits" });
        return bits;
      },
      /** What to expect of the sequence on the machine. */
      warn: (
        /** @type {import("./tape/composer.mjs").Composed | null} */ composed,
        /** @type {string | null} */ machine,
        /** @type {unknown} */ locations,
        /** @type {import("./tape/composer.mjs").Machine[] | null} */ machines,
      ) => {
        deck.then((it) => it.compare());
        return composer.then(({ warningOf }) => warningOf(composed, machines?.find(({ id }) => id === machine), locations));
      },
      /** Takes the list of machines, to know which checkpoints make a film. */
      know: (/** @type {object[] | null} */ machines) => {
        deck.then((it) => it.know(machines ?? []));
      },
      /** Takes what the service trains, or that it does not. */
      knowTraining: (/** @type {import("./tape/training.mjs").Told | null} */ told) => {
        deck.then((it) => it.training.know(told));
      },
      /** The figure of what was evaluated or, before that, the frame of what is chosen. */
      figure: (/** @type {object | null} */ frame, /** @type {object | null} */ evaluated) =>
        evaluated ?? frame ?? window.dash_clientside.no_update,
      /** Begins an evaluation. */
      evaluate: (/** @type {import("./tape/evaluation.mjs").Job | null} */ job) => {
        if (job) deck.then((it) => it.evaluation.run(job));
      },
      /** Opens what a point of the generalization stands for on the tape. */
      openPoint: (/** @type {{points: {curveNumber: number, pointIndex: number}[]} | null} */ clicked) => {
        const point = clicked?.points[0];
        if (point) {
          deck.then(async (it) => {
            const link = await it.evaluation.linkTo(point.curveNumber, point.pointIndex);
            if (link) location.href = link;
          });
        }
      },
      /** Shows the sequence in the drawing. */
      draw: (/** @type {string[] | null} */ rows, /** @type {number} */ bits) => {
        if (rows) deck.then((it) => it.drawing.show(rows, bits));
      },
    },
  });
})();

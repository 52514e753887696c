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
      evaluated: "evaluated-figure",
      file: "composer-file",
      link: "link",
      locations: "locations",
      machine: "machine",
      machineMessage: "machine-message",
      seed: "train-seed",
      service: "service-state",
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
      /** Takes what is chosen; another machine and a link that was opened run what is composed. */
      compose: (
        /** @type {string | null} */ machine,
        /** @type {import("./tape/address.mjs").Wanted | null} */ link,
        /** @type {unknown} */ _locations,
        /** @type {import("./tape/task.mjs").Machine[] | null} */ machines,
        /** @type {import("./tape/task.mjs").TaskDocument[] | null} */ tasks,
      ) => {
        const changed = window.dash_clientside.callback_context.triggered.map(({ prop_id: id }) => id.split(".")[0]);
        deck.then((it) => {
          it.composer.know({ machine, link, machines: machines ?? [], tasks: tasks ?? [] }, changed);
          it.compare();
        });
      },
      /** Takes what a file holds. */
      found: (/** @type {import("./tape/composer.mjs").Found} */ found) => {
        deck.then((it) => it.composer.take(found));
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
      openPoint: (/** @type {{points: {curveNumber: number, x: number | string, y: number | string}[]} | null} */ clicked) => {
        const point = clicked?.points[0];
        if (point) {
          deck.then(async (it) => {
            const link = await it.evaluation.linkTo(point.curveNumber, [point.x, point.y]);
            if (link) location.href = link;
          });
        }
      },
    },
  });
})();

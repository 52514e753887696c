/** What Dash's clientside callbacks call. A classic script, because Dash looks its functions up on `window`. */
(() => {
  /** The deck that these speak of, once the page is laid out. */
  const deck = window.tapedeck;
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

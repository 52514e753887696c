/** What Dash's clientside callbacks call. A classic script, because Dash looks its functions up on `window`. */
(() => {
  /** @typedef {{layout: {uirevision: string, meta: {range: number[]}, xaxis: {range: number[], autorange?: boolean}}}} Curve */

  /** The deck that these speak of, once the page is laid out. */
  const deck = window.tapedeck;
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    tapedeck: {
      /** Takes what is chosen; another machine runs what is composed. */
      compose: (/** @type {string | null} */ machine) => {
        const changed = window.dash_clientside.callback_context.triggered.map(({ prop_id: id }) => id.split(".")[0]);
        deck.then((it) => it.hear(machine, changed));
      },
      /** Takes what a file holds. */
      found: (/** @type {import("./tape/composer.mjs").Found} */ found) => {
        deck.then((it) => it.composer.take(found));
      },
      /** Takes what the service trains, or that it does not. */
      knowTraining: (/** @type {import("./tape/training.mjs").Told | null} */ told) => {
        deck.then((it) => it.training.know(told));
      },
      /** Takes what is chosen, in its frame, and what ships with it. */
      prepare: (/** @type {import("./tape/evaluation.mjs").Prospect | null} */ prospect, /** @type {import("./tape/evaluation.mjs").Shipped | null} */ shipped) => {
        if (prospect) deck.then((it) => it.evaluation.prepare(prospect, shipped));
      },
      /** The figure, as the evaluation has it. */
      figure: (/** @type {object | null} */ figure) => figure ?? window.dash_clientside.no_update,
      /**
       * A curve of the learn page, as it is now; none where nothing trains. A stretch that was zoomed to stays, which Dash writes
       * into the figure, until the user wants all of it again.
       */
      curve: (/** @type {Curve | null} */ figure, /** @type {object | null} */ relayout, /** @type {Curve | null | undefined} */ shown) => {
        const { no_update: nothing, callback_context: context } = window.dash_clientside;
        const moved = context.triggered.length > 0 && context.triggered.every(({ prop_id: id }) => id.endsWith(".relayoutData"));
        if (!figure || (moved && !("xaxis.autorange" in (relayout ?? {})))) return nothing;
        const { uirevision, meta, xaxis } = shown?.layout ?? {};
        const zoomed = uirevision === figure.layout.uirevision && !xaxis?.autorange && `${xaxis?.range}` !== `${meta?.range}`;
        return zoomed ? { ...figure, layout: { ...figure.layout, xaxis: { ...figure.layout.xaxis, range: xaxis?.range } } } : figure;
      },
      /** Whether nothing trains, so that there is no curve of it. */
      isIdle: (/** @type {object | null} */ figure) => !figure,
      /** Shows the checkpoint that was pressed on the curve; the same can be pressed again. */
      pressCheckpoint: (/** @type {{points: {pointNumber: number}[]} | null} */ clicked) => {
        const point = clicked?.points[0];
        if (point) deck.then((it) => it.film.press(point.pointNumber));
        return null;
      },
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

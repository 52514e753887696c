/**
 * The curves of a training, as figures of Plotly's: the loss on a logarithmic axis, the bit error rate from 0 to one half. Of a film
 * there is a point for each checkpoint, evenly spaced, because the first ones, where the procedure appears, lie close together; of a
 * training that runs, one for each report, over the sequences seen.
 *
 * @typedef {import("./reel.mjs").Checkpoint} Checkpoint
 * @typedef {{x: number | string, loss: number | null, errorRate: number | null}} Point
 * @typedef {{of: "yours" | "validation", seen: number, at: number}} FirstExact the first checkpoint without a wrong bit: of the user's
 *   own sequence, or of the training's validation; `at` is its place among the checkpoints, between two where it is neither
 * @typedef {{data: Record<string, any>[], layout: Record<string, any>}} Figure
 */

import { grouped } from "./sequences/problem.mjs";

/** The rate of a guess: a rate above it is drawn at the edge. */
const CHANCE = 0.5;
/** The loss spans a decade at least, so that a small change does not look large. */
const LEAST_SPAN = 10;
/** Labels of a logarithmic axis, at most. */
const MOST_DECADES = 5;
const SMALLEST_WITH_ZEROS = 0.001;
/** So that what lies at the edge of an axis is seen whole: of its length. */
const ROOM = 0.06;
/** From here on the marks on the curve have room for whole words. */
const WORDY_PX = 900;
/** So near an end of the curve words have no room on that side, as a share of its width. */
const EDGE = 0.3;
/** Where words stand on the curve: mostly between the loss, which is high there, and the errors, which are few. */
const HIGH = 0.66;
/** From one line of words on the curve to the next, as a share of its height. */
const LINE = 0.22;
/** As wide as two labels under the curve, with what is between them. */
const LABEL_PX = 112;
/** What the figures leave for titles and labels; the slider over the film's has the same, in the style sheet. */
const MARGIN = { l: 64, r: 60, t: 4, b: 36 };
const HEIGHT = 118;
const FONT = { family: "Inter, system-ui, sans-serif", size: 12 };
const GRID = "rgba(128,128,128,0.2)";
/** As on a light page; the style sheet has those of either theme. */
const [INK, RED] = ["#1a1a1a", "#b00040"];
const RATE = "bit error rate";
const HOVER = { bgcolor: "#26282d", bordercolor: "#26282d", font: { color: "#fff", ...FONT }, align: "left" };

/**
 * The curve of a film.
 *
 * @param {Checkpoint[]} checkpoints
 * @param {(number | null)[]} own the share of wrong bits of the user's own sequence, at the checkpoints that have run
 * @param {number} index of the checkpoint that is on the tape
 * @param {number} width of the figure, in pixels
 * @param {FirstExact[]} exact
 * @returns {Figure}
 */
export function figureOfFilm(checkpoints, own, index, width, exact) {
  const last = checkpoints.length - 1;
  // As names, each the same distance from the next.
  const names = checkpoints.map(({ seen }) => grouped(seen));
  const points = checkpoints.map(({ loss, errorRate }, at) => ({ x: names[at], loss, errorRate }));
  const labels = labelled(checkpoints.length, Math.max(2, Math.floor((width - MARGIN.l - MARGIN.r) / LABEL_PX) + 1));
  const sides = exact.map(({ at }) => standsBefore(at, exact, last));
  const called = namesOf(checkpoints);
  const wrong = {
    ...traceOf(called.own, points, own.map((share) => (share === null ? null : Math.min(share, CHANCE)))),
    customdata: own.map(rateOf),
    yaxis: "y2",
    mode: "markers",
    cliponaxis: false,
    marker: { color: RED, size: 6 },
    hovertemplate: "%{customdata}",
  };
  return figure([...linesOf(points, called.errors), wrong], {
    errors: called.errors,
    meta: { index },
    xaxis: {
      title: titled("sequences seen (checkpoints evenly spaced)"),
      type: "category",
      categoryorder: "array",
      categoryarray: names,
      tickvals: labels.map((at) => names[at]),
      range: last > 0 ? [0, last] : [-0.5, 0.5],
      showgrid: false,
    },
    limits: limitsOf(points),
    shapes: [
      ...exact.map(({ of, at }) => upright(`first exact, ${of}`, at, { width: 1, dash: of === "yours" ? "dot" : "dash" })),
      upright("on the tape", names[index], { width: 2, color: INK }),
    ],
    annotations: exact.map(({ of, seen, at }, index) => {
      const words = `${width < WORDY_PX ? "✓" : "first exact,"} ${of}: ${grouped(seen)}`;
      const before = sides[index];
      return markOf(words, at, before, HIGH - (before === sides[index - 1] ? LINE : 0));
    }),
    uirevision: checkpoints[0]?.id ?? "none",
  });
}

/**
 * The curve of a training that runs.
 *
 * @param {string} id of the training
 * @param {{sequences: number, loss: number | null, bit_error_rate: number | null}[]} reports
 * @param {number} total sequences of the whole training
 * @returns {Figure}
 */
export function figureOfTraining(id, reports, total) {
  const points = reports.map(({ sequences, loss, bit_error_rate: errorRate }) => ({ x: sequences, loss, errorRate }));
  return figure(linesOf(points), {
    meta: { training: id },
    xaxis: { title: titled(`sequences seen by ${id}`), tickformat: ",d", nticks: 8, range: [0, total], gridcolor: GRID },
    limits: limitsOf(points),
    shapes: [],
    annotations: [],
    uirevision: id,
  });
}

/** What the errors are called, of the machine and of the user's own input: of predictions, how far above the optimum they are. @param {{foretold?: boolean}[]} checkpoints */
export const namesOf = (checkpoints) =>
  checkpoints.some(({ foretold }) => foretold) ? { errors: "above best", own: "your stream" } : { errors: RATE, own: "your wrong bits" };

/** The two lines over a training; what is not known leaves a gap. @param {Point[]} points @param {string} [errors] what they are called */
function linesOf(points, errors = RATE) {
  const loss = points.map((point) => point.loss || null); // 0 has no place on a logarithmic axis
  const rates = points.map(({ errorRate }) => (errorRate === null ? null : Math.min(errorRate, CHANCE)));
  return [
    { ...traceOf("loss", points, loss), mode: "lines", line: { color: INK, width: 1.5 }, hovertemplate: "%{y:.2~g}" },
    {
      ...traceOf(errors, points, rates),
      customdata: points.map(({ errorRate }) => rateOf(errorRate)),
      yaxis: "y2",
      mode: "lines",
      line: { color: RED, width: 1.5, dash: "dash" },
      hovertemplate: "%{customdata}",
    },
  ];
}

/** @param {string} name @param {Point[]} points @param {(number | null)[]} y */
const traceOf = (name, points, y) => ({ type: "scatter", name, x: points.map(({ x }) => x), y });

/**
 * @param {Record<string, any>[]} data
 * @param {{errors?: string, meta: object, xaxis: {range: number[], [name: string]: any}, limits: [number, number] | null, shapes: object[], annotations: object[], uirevision: string}} parts
 * @returns {Figure}
 */
function figure(data, { errors = RATE, meta, xaxis, limits, shapes, annotations, uirevision }) {
  const [low, high] = (limits ?? [0.1, 1]).map(Math.log10);
  const room = ROOM * (high - low);
  const decades = logTicks(low, high);
  return {
    data,
    layout: {
      meta: { ...meta, range: xaxis.range },
      margin: MARGIN,
      height: HEIGHT,
      font: FONT,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      showlegend: false,
      hovermode: "x unified",
      hoverlabel: HOVER,
      modebar: { bgcolor: "rgba(0,0,0,0)", color: "#8a8a8a", activecolor: "#8a8a8a" },
      // A finger scrolls the page; the modes of a mouse would hold it back.
      dragmode: globalThis.matchMedia?.("(pointer: coarse)").matches ? false : "zoom",
      xaxis: { zeroline: false, ...xaxis, unifiedhovertitle: { text: "%{x} sequences" } },
      yaxis: {
        title: titled("loss (log scale)"),
        type: "log",
        range: [low - room, high + room],
        tickvals: decades,
        ticktext: decades.map(short),
        ticks: "outside",
        ticklen: 5,
        tickcolor: GRID,
        gridcolor: GRID,
        zeroline: false,
        fixedrange: true,
      },
      yaxis2: {
        title: titled(errors),
        overlaying: "y",
        side: "right",
        range: [-ROOM * CHANCE, CHANCE * (1 + ROOM)],
        tickvals: [0, CHANCE / 2, CHANCE],
        ticks: "outside",
        ticklen: 5,
        tickcolor: GRID,
        showgrid: false,
        zeroline: false,
        fixedrange: true,
      },
      shapes,
      annotations,
      uirevision,
    },
  };
}

/** @param {string} text */
const titled = (text) => ({ text, font: { size: 12 }, standoff: 6 });

/** A line from the bottom to the top. @param {string} name @param {string | number} x @param {object} line */
const upright = (name, x, line) => ({ type: "line", name, x0: x, x1: x, y0: 0, y1: 1, yref: "paper", line, layer: "above" });

/** Whether the words of a mark stand before it: away from the other one, where there is room. @param {number} at @param {FirstExact[]} all @param {number} last */
function standsBefore(at, all, last) {
  const other = all.find((each) => each.at !== at);
  const before = other ? at < other.at : at > last / 2;
  return before ? at > EDGE * last : at > (1 - EDGE) * last;
}

/** Words on a line, on the side with room. @param {string} text @param {number} x @param {boolean} before @param {number} y */
const markOf = (text, x, before, y) => ({
  text, x, y, borderpad: 0, bgcolor: "#fff", yref: "paper", showarrow: false, xanchor: before ? "right" : "left", yanchor: "top", xshift: before ? -4 : 4,
});

/**
 * Where a logarithmic axis has labels: at powers of ten or, where there are too few of them, at 1, 2 and 5 of each.
 *
 * @param {number} low the smallest, as a power of ten
 * @param {number} high the largest
 */
export function logTicks(low, high) {
  const mantissas = high - low > 1.5 ? [1] : [1, 2, 5];
  const every = Math.max(1, Math.ceil((high - low) / MOST_DECADES));
  const ticks = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    if (power % every === 0) ticks.push(...mantissas.map((mantissa) => Number(`${mantissa}e${power}`)));
  }
  return ticks.filter((tick) => Math.log10(tick) >= low - 1e-9 && Math.log10(tick) <= high + 1e-9);
}

/** A loss in one digit. @param {number} loss */
export const short = (loss) => (loss < SMALLEST_WITH_ZEROS ? loss.toExponential(0).replace("-", "−") : String(Number(loss.toPrecision(1))));

/** @param {number | null} rate */
const rateOf = (rate) => (rate === null ? "" : rate.toFixed(3));

/**
 * Which checkpoints have a label: the first, the last, and between them as many, evenly, as there is room for.
 *
 * @param {number} count
 * @param {number} room labels at most, from 2 on
 * @returns {number[]}
 */
export function labelled(count, room) {
  const every = Math.max(1, Math.ceil((count - 1) / (room - 1)));
  const last = count - 1;
  return Array.from({ length: count }, (_, index) => index).filter(
    (index) => index === last || (index % every === 0 && last - index >= every),
  );
}

/**
 * The smallest and the largest loss in a figure; null where none is known.
 *
 * @param {Pick<Point, "loss">[]} points
 * @returns {[number, number] | null}
 */
export function limitsOf(points) {
  const known = points.flatMap(({ loss }) => (loss ? [loss] : []));
  if (known.length === 0) return null;
  const most = Math.max(...known);
  return [Math.min(...known, most / LEAST_SPAN), most];
}

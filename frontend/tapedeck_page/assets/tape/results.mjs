/**
 * What an evaluation has found as a figure and a table: of each machine what ships with it and, over that, what was counted here.
 *
 * @typedef {{
 *   checkpoint: string, sequences: number, exact: number, bits: number, wrong_bits: number, bit_error_rate: number,
 *   interval: [number, number], worst: import("./task.mjs").Input | string[], locations: number, [size: string]: any,
 * }} Result its sizes stand under their own names
 * @typedef {{name: string, title: string}} Axis a size, and what it counts
 * @typedef {{checkpoint: string, place: number, ships: boolean, results: Result[], locations: number | null}} Series of a machine, by
 *   its place among those that are chosen; `locations` as they were asked for
 * @typedef {{dashes: string[], colours: string[]}} Looks of the machines, by their places
 * @typedef {{paper: string, error: string}} Tones of no error and of chance
 * @typedef {{yaxis?: {range?: number[]}}} Layout
 * @typedef {{
 *   x: number[], y: number[], customdata: string[][], error_y: {type: string, symmetric: boolean, array: number[], arrayminus: number[]},
 *   name: string, mode: string, opacity: number, line: {dash: string, color: string}, hovertemplate: string,
 * }} Line
 * @typedef {{type: "heatmap", x: string[], y: string[], z: (number | null)[][], [prop: string]: unknown}} Heat
 */

import { element } from "#viewer/draw/dom.mjs";

/** The rate of a guess. */
const CHANCE = 0.5;
/** Of the highest bar, so that its end is seen. */
const ABOVE = 0.02;
/** Of a line under another. */
const PALE = 0.55;
/** The numbers in the cells of a map: those that were counted here stand out. */
const COUNTED = { size: 13, weight: 700 };
const SHIPS = { size: 11 };
/** Of a cell whose number fits into it, in pixels. */
const WIDTH_OF_NUMBER = 48;

/**
 * What is drawn, in this order: what ships with each machine, and over it what was counted of each.
 *
 * @param {string[]} machines that are chosen
 * @param {{checkpoint: string, locations: number | null, results: Result[]}[]} shipped
 * @param {{locations: number | null, results: Result[]}} counted
 * @param {Axis[]} axes
 * @returns {Series[]}
 */
export function seriesOf(machines, shipped, counted, axes) {
  const ships = machines.flatMap((checkpoint, place) => {
    const own = shipped.find((each) => each.checkpoint === checkpoint && axes.every(({ name }) => each.results.every((result) => name in result)));
    return own ? [{ checkpoint, place, ships: true, results: own.results, locations: own.locations }] : [];
  });
  const live = machines.map((checkpoint, place) => ({
    checkpoint,
    place,
    ships: false,
    results: counted.results.filter((result) => result.checkpoint === checkpoint),
    locations: counted.locations,
  }));
  return [...ships, ...live.filter(({ results }) => results.length > 0)];
}

/** Whether anything was counted here. @param {Series[]} series */
const isCounted = (series) => series.some(({ ships }) => !ships);

/** What a machine's line is called. @param {Series} series */
const titled = ({ checkpoint, ships }) => (ships ? `${checkpoint}, ships with it` : checkpoint);

/**
 * A line for each, told apart by colour and dashes. What ships with a machine is pale once something is counted over it.
 *
 * @param {Series[]} series
 * @param {Looks} looks
 * @param {Axis} axis
 * @returns {Line[]}
 */
export function linesOf(series, { dashes, colours }, { name: size, title }) {
  return series.map((each) => {
    const { place, ships, results: own } = each;
    return {
      x: own.map((result) => result[size]),
      y: own.map(valueOf),
      customdata: own.map((result) => [rateOf(result), intervalOf(result), exactOf(result)]),
      error_y: {
        type: "data",
        symmetric: false,
        array: own.map((result) => result.interval[1] - valueOf(result)),
        arrayminus: own.map((result) => valueOf(result) - result.interval[0]),
      },
      name: titled(each),
      mode: "lines+markers",
      opacity: ships && isCounted(series) ? PALE : 1,
      line: { dash: dashes[place % dashes.length] ?? "solid", color: colours[place % colours.length] },
      hovertemplate: `${size === "length" ? "L = %{x}" : `%{x} ${title}`}: %{customdata[0]}<br>95 %: %{customdata[1]}<br>%{customdata[2]}<extra>%{fullData.name}</extra>`,
    };
  });
}

/**
 * A map for each, with the rate in every cell that is known: the first size from left to right, the second upwards. Where a cell was
 * counted here, that lies over the one that ships with the machine.
 *
 * @param {Series[]} series
 * @param {Tones} tones
 * @param {Axis[]} axes
 * @param {number} width of a map, in pixels: cells that are too small for their numbers have none
 * @returns {Heat[]}
 */
export function mapsOf(series, { paper, error }, [across, up], width) {
  const key = (/** @type {Result} */ result) => `${result[across.name]} ${result[up.name]}`;
  return series.map((each, index) => {
    const { place, ships, results: own } = each;
    const over = ships ? (series.find((other) => !other.ships && other.place === place)?.results ?? []) : [];
    const covered = new Set(over.map(key));
    const seen = new Map(own.filter((result) => !covered.has(key(result))).map((result) => [key(result), result]));
    const [x, y] = [across, up].map((axis) => [...new Set(own.map((result) => result[axis.name]))].sort((a, b) => a - b));
    const cells = y.map((row) => x.map((column) => seen.get(`${column} ${row}`)));
    const number = place === 0 ? "" : String(place + 1);
    return {
      type: "heatmap",
      x: x.map(String),
      y: y.map(String),
      z: cells.map((row) => row.map((cell) => cell ? valueOf(cell) : null)),
      text: cells.map((row) => row.map((cell) => (cell ? rateOf(cell) : ""))),
      customdata: cells.map((row) => row.map((cell) => (cell ? [intervalOf(cell), exactOf(cell)] : []))),
      texttemplate: width / x.length < WIDTH_OF_NUMBER ? "" : "%{text}",
      textfont: ships ? SHIPS : COUNTED,
      xaxis: `x${number}`,
      yaxis: `y${number}`,
      name: titled(each),
      colorscale: [[0, paper], [1, error]],
      zmin: 0,
      zmax: CHANCE,
      xgap: 1,
      ygap: 1,
      showscale: index === 0,
      colorbar: { title: { text: "bit error rate", side: "right", font: { size: 13 } }, thickness: 10, outlinewidth: 0 },
      hoverongaps: false,
      hovertemplate: `%{x} ${across.title}, %{y} ${up.title}: %{text}<br>95 %: %{customdata[0]}<br>%{customdata[1]}<extra>${titled(each)}</extra>`,
    };
  });
}

/** The layout, with an axis that goes up to the highest bar, where that is beyond chance. @param {Result[]} results @param {Layout} layout */
export function withRoomFor(results, layout) {
  const [bottom, top] = layout.yaxis?.range ?? [0, 0];
  const highest = Math.max(top, ...results.map(({ interval }) => interval[1]));
  return { ...layout, yaxis: { ...layout.yaxis, range: [bottom, highest > top ? highest + ABOVE : top] } };
}

/** The same numbers as text: what was counted here first. @param {Series[]} series @param {Axis[]} axes */
export function tableOf(series, axes) {
  const table = element("table", "");
  const head = table.createTHead().insertRow();
  const isForetold = series.some(({ results }) => results.some((result) => "excess" in result));
  const counted = isForetold ? ["bits", "above the optimum", "95 %", "a stream"] : ["wrong bits", "bit error rate", "95 %", "exact"];
  for (const text of ["machine", ...axes.map(({ name }) => name), ...counted, "counted"]) {
    const cell = element("th", "", text);
    cell.scope = "col";
    head.append(cell);
  }
  for (const ships of [false, true]) {
    const body = table.createTBody();
    body.className = ships ? "ships" : "counted";
    for (const result of series.filter((each) => each.ships === ships).flatMap(({ results }) => results)) {
      const { checkpoint } = result;
      const row = body.insertRow();
      const cells = [checkpoint, ...axes.map(({ name }) => result[name]), totalOf(result)];
      cells.push(rateOf(result), intervalOf(result), exactOf(result).replace(" exact", ""), ships ? "ships with it" : "here");
      cells.forEach((text) => row.append(element("td", "", String(text))));
    }
  }
  return table;
}

/** The number of its measure: the share of wrong bits, or of bits above the optimum. @param {Result} result @returns {number} */
const valueOf = (result) => result.excess ?? result.bit_error_rate;

/** What was counted in all. @param {Result} result */
function totalOf({ excess, cost, optimum, wrong_bits, bits }) {
  const grouped = (/** @type {number} */ number) => number.toLocaleString("en", { maximumFractionDigits: 0 });
  return excess === undefined ? `${grouped(wrong_bits)} of ${grouped(bits)}` : `${grouped(cost)}, best ${grouped(optimum)}`;
}

/** How many came out whole, or what a stream cost. @param {Result} result */
const exactOf = ({ exact, sequences, excess, cost, optimum }) =>
  excess === undefined ? `${exact} of ${sequences} exact` : `${(cost / sequences).toFixed(2)} bits, best ${(optimum / sequences).toFixed(2)}`;

/** A rate to two digits: a single wrong bit of a million is not 0. A share above the optimum with its sign. @param {{bit_error_rate?: number, excess?: number}} result */
export const rateOf = ({ bit_error_rate: rate = 0, excess }) => (excess === undefined ? String(Number(rate.toPrecision(2))) : percent(excess));

/** An interval to two digits, outwards, so that it holds what it holds at full precision. @param {{interval: [number, number], excess?: number}} result */
export const intervalOf = ({ interval: [low, high], excess }) =>
  excess === undefined ? `${twoDigits(low, Math.floor)} … ${twoDigits(high, Math.ceil)}` : `${percent(low)} … ${percent(high)}`;

/** @param {number} share */
const percent = (share) => `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(2)} %`;

/** @param {number} rate @param {(value: number) => number} towards */
function twoDigits(rate, towards) {
  if (rate === 0 || Number(rate.toPrecision(2)) === rate) return rate;
  const scale = 10 ** (1 - Math.floor(Math.log10(rate)));
  return Number((towards(rate * scale) / scale).toPrecision(2));
}

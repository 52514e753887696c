/**
 * A sweep of two numbers as a plane of cells: the first from left to right, the second upwards, one cell for each pair of values.
 *
 * @typedef {import("./sweep.mjs").Sweep} Sweep
 * @typedef {[x: number, y: number]} Place in cells, from the top left
 */

export class Plane {
  /** @param {Sweep} sweep of two numbers */
  constructor(sweep) {
    this.sweep = sweep;
    const [across, up] = sweep.axes;
    this.columns = across.values.length;
    this.rows = up.values.length;
  }

  /** The rate of each, as the points come: column by column, upwards; not a number where there is none. */
  get rates() {
    return Float32Array.from({ length: this.columns * this.rows }, (_, index) => this.sweep.points[index]?.rate ?? NaN);
  }

  /** The point that stands there; null outside, and where it has not come. @param {number} column @param {number} row from the top @returns {number | null} */
  indexAt(column, row) {
    const index = column * this.rows + (this.rows - 1 - row);
    return column >= 0 && column < this.columns && row >= 0 && row < this.rows && index < this.sweep.points.length ? index : null;
  }

  /** Where a point stands. @param {number} index */
  placeOf(index) {
    return { column: Math.floor(index / this.rows), row: this.rows - 1 - (index % this.rows) };
  }

  /** Where nothing is other than in the run, in shares from the left and from the top, between the middles of cells; null where an axis does not reach that far. @returns {[x: number | null, y: number | null]} */
  get neutral() {
    const [x, y] = this.sweep.axes.map(({ values, neutral, hasNeutral }) => (hasNeutral ? (placeOf(values, neutral) + 0.5) / values.length : null));
    return [x, y === null ? null : 1 - y];
  }

  /** Between answers without a wrong bit and others: the sides of cells where they meet. @returns {[from: Place, to: Place][]} */
  get frontier() {
    if (this.sweep.costs) return [];
    const state = (/** @type {number} */ column, /** @type {number} */ row) => {
      const index = this.indexAt(column, row);
      const rate = index === null ? null : this.sweep.points[index].rate;
      return rate == null ? null : rate === 0;
    };
    /** @type {[Place, Place][]} */
    const found = [];
    for (let column = 0; column < this.columns; column++) {
      for (let row = 0; row < this.rows; row++) {
        const [own, right, below] = [state(column, row), state(column + 1, row), state(column, row + 1)];
        if (own === null) continue;
        if (right !== null && right !== own) found.push([[column + 1, row], [column + 1, row + 1]]);
        if (below !== null && below !== own) found.push([[column, row + 1], [column + 1, row + 1]]);
      }
    }
    return found;
  }
}

/** Where a value stands among others that go upwards, in their distances. @param {number[]} values @param {number} value */
function placeOf(values, value) {
  const above = values.findIndex((each) => each >= value);
  return above <= 0 ? 0 : above - (values[above] - value) / (values[above] - values[above - 1]);
}

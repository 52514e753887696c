/**
 * A sweep as a file: with the names that `td.sweep(…).save` gives its columns and keys.
 *
 * @typedef {import("./sweep.mjs").Sweep} Sweep
 */

/** The seed of the sampled inputs, which the page does not choose. */
const SEED = 1;

/** A row for each point. @param {Sweep} sweep @returns {Record<string, string | number | null>[]} */
function rowsOf({ points, header }) {
  const titles = (header?.axes ?? []).map(({ title }) => String(title));
  return points.map(({ values, rate, interval, exact, sequences, error }) => {
    const named = Object.fromEntries(titles.map((title, at) => [title, values[at]]));
    if (rate == null) return { ...named, error: error?.detail ?? null };
    return { ...named, [header?.measure ?? ""]: rate, low: interval?.[0] ?? null, high: interval?.[1] ?? null, sequences: sequences ?? null, ...(exact == null ? {} : { exact }) };
  });
}

/** @param {Sweep} sweep */
export function asJson(sweep) {
  const { checkpoint, sha256, size, interventions, sequences, locations } = sweep.asked;
  const document = { checkpoint, ...(sha256 ? { sha256 } : {}), axes: sweep.header?.axes ?? [], size, interventions, sequences, locations, seed: SEED, points: rowsOf(sweep) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** @param {Sweep} sweep */
export function asCsv(sweep) {
  const rows = rowsOf(sweep);
  const names = [...new Set(rows.flatMap(Object.keys))];
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ""))].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

/** @param {string | number} cell */
const quoted = (cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell));

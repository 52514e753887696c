/**
 * SVG as text.
 *
 * @typedef {Record<string, string | number | undefined>} Attributes
 * @typedef {{size?: number, anchor?: "start" | "middle" | "end", weight?: number, fill?: string, mono?: boolean, turn?: number}} Type
 */

const SANS = "Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif";
const MONO = "'SF Mono', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** A document, on white whatever the page's theme. @param {number} width @param {number} height @param {string[]} content */
export function drawing(width, height, ...content) {
  const attributes = { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": SANS };
  return element("svg", attributes, element("rect", { width, height, fill: "#ffffff" }), ...content);
}

/** The same without a ground, to be laid over another. @param {number} width @param {number} height @param {string[]} content */
export function overlay(width, height, ...content) {
  const attributes = { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": SANS };
  return element("svg", attributes, ...content);
}

/** @param {string} name @param {Attributes} attributes @param {string[]} content */
export function element(name, attributes, ...content) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? short(value) : escape(String(value))}"`);
  return `<${name}${written.join("")}${content.length > 0 ? `>${content.join("")}</${name}>` : "/>"}`;
}

/** @param {string} words @param {number} x @param {number} y of the baseline @param {Type} type */
export function text(words, x, y, { size = 11, anchor, weight, fill = "#585b61", mono, turn } = {}) {
  const attributes = {
    x,
    y,
    "font-size": size,
    "text-anchor": anchor,
    "font-weight": weight,
    fill,
    "font-family": mono ? MONO : undefined,
    transform: turn === undefined ? undefined : `rotate(${turn} ${short(x)} ${short(y)})`,
    "xml:space": "preserve",
  };
  return element("text", attributes, escape(words));
}

/** @param {number} x @param {number} y @param {number} width @param {number} height @param {string} fill @param {Attributes} more */
export const rect = (x, y, width, height, fill, more = {}) => element("rect", { x, y, width, height, fill, ...more });

/** A number with as few digits as a picture needs. @param {number} value */
export const short = (value) => String(Math.round(value * 100) / 100);

/** What XML does not take as it is; control characters it takes in no way. @param {string} words */
function escape(words) {
  const allowed = words.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
  return allowed.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** Lines over a plot in units of their own, whatever its size; no line is stretched with it. */

const SVG = "http://www.w3.org/2000/svg";
/** The side of the picture, in its own units. */
export const SIDE = 1000;

/** A picture of nothing yet, over all of a plot. @param {SVGPathElement[]} paths from below to above */
export function pictureOf(paths) {
  const picture = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${SIDE} ${SIDE}`, preserveAspectRatio: "none", "aria-hidden": "true" })) picture.setAttribute(name, value);
  picture.append(...paths);
  return picture;
}

/** @param {string} className */
export function path(className) {
  const made = document.createElementNS(SVG, "path");
  made.setAttribute("class", className);
  made.setAttribute("vector-effect", "non-scaling-stroke");
  return made;
}

/** @param {SVGPathElement} path @param {string[]} parts */
export const draw = (path, parts) => path.setAttribute("d", parts.join(""));

/** Characters that stand for others: what an editor, a keyboard or a copy leaves in a text that is meant to be bits. */

/** Characters without ink that Unicode counts as letters, symbols or marks, beside those of its category Cf. */
const INVISIBLE = /[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b-\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;

/** What chooses a picture's form and joins it to the next is seen in the picture. */
const JOINED = /([\p{Extended_Pictographic}\p{Emoji_Modifier}])[\ufe0e\ufe0f]?\u200d?/gu;

/** @type {[string, string][]} */
const ALIKE = [
  ["“”„‟«»", '"'],
  ["‘’‚‛", "'"],
  ["−–—‐‑‒", "-"],
  ["、،", ","],
  ["│┃║¦┆┊", "|"],
  ["؛", ";"],
  ["⋮⋯…", "..."],
];
const SIGNS = new Map(ALIKE.flatMap(([signs, plain]) => [...signs].map((sign) => [sign, plain])));

/** Not the errors of a spreadsheet, such as #N/A and #DIV/0!. */
const COMMENTS =
  /\/\*[^]*?(?:\*\/|(?![^]))|<!--[^]*?(?:-->|(?![^]))|(?:#(?![A-ZÀ-Ü/0]+[!?]|N\/[AD]|NV)|\/\/|%(?=\s|[A-Za-z%]|(?![^\n])))[^]*?(?![^\n])/g;

const BULLETS = /^\s*(?:[-*•]\s+)+/;
const LABEL = /^\s*["']?([A-Za-z_][\p{L}\p{N}_.]*(?:\[\d+\])?)["']?\s*[:=]\s*(?=[01"'\\&$%])/u;
const NAME = /^(?:\s*[A-Za-z_][\p{L}\p{N}_"'-]*:(?:\s+[^\s[{-]\S*)?\s*|---\s*|\.\.\.\s*)$/u;

/** The text in ASCII's digits and signs, line for line: line breaks of one kind, nothing that cannot be seen. @param {string} text */
export function cleaned(text) {
  const broken = text.replace(/\r\n?/g, "\n").replace(/[\x1c-\x1f]/g, " ");
  return broken.replace(/[^\x00-\x7f]/gu, plain); // eslint-disable-line no-control-regex
}

/** The text with spaces for `# …`, `// …`, `% …`, `/* … *​/` and `<!-- … -->`, line for line. @param {string} text */
export const withoutComments = (text) => text.replace(COMMENTS, blank);

/** The text of a list in YAML or Markdown without its dashes and names; any other as it is. @param {string} text */
export function withoutBullets(text) {
  const lines = text.split("\n");
  const marked = lines.filter((line) => line.trim() && !NAME.test(line));
  if (marked.length === 0 || !marked.every((line) => BULLETS.test(line))) return text;
  return lines.map((line) => (NAME.test(line) ? "" : line.replace(BULLETS, ""))).join("\n");
}

/** The text of a list of vectors that are called by one name, with their numbers: v1 = …, v2 = …; else as it is. @param {string} text */
export function withoutNames(text) {
  const lines = text.split("\n");
  const found = lines.filter((line) => line.trim()).map((line) => LABEL.exec(line));
  if (found.length < 2 || found.includes(null)) return text;
  const names = new Set(found.map((match) => (match ? match[1].replace(/\d+/g, "") : "")));
  if (names.size > 1 && ![...names].every((name) => name.length === 1)) return text;
  return lines.map((line) => line.replace(LABEL, "")).join("\n");
}

/**
 * The characters of a text that a field does not show, or shows as a blank, each once and by its code point.
 *
 * @param {string} text
 * @returns {string[]} such as U+001B, U+200B
 */
export function unseenIn(text) {
  const signs = [...text.replace(JOINED, "$1")].filter((sign) => !" \n".includes(sign) && (/[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]/u.test(sign) || INVISIBLE.test(sign)));
  const code = (/** @type {string} */ sign) => Number(sign.codePointAt(0)).toString(16).toUpperCase().padStart(4, "0");
  return [...new Set(signs)].map((sign) => `U+${code(sign)}`);
}

/** @param {string} sign */
function plain(sign) {
  const code = /** @type {number} */ (sign.codePointAt(0));
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCodePoint(code - 0xfee0); // full-width
  if (/\p{Cf}/u.test(sign) || INVISIBLE.test(sign)) return "";
  if (code === 0x85 || /\p{Zs}/u.test(sign)) return " ";
  return isDigit(code) ? String(valueOf(code)) : (SIGNS.get(sign) ?? sign);
}

/** @param {number} code */
const isDigit = (code) => /\p{Nd}/u.test(String.fromCodePoint(code));

/** Of a decimal digit in any script: Unicode has them in runs of ten. @param {number} code */
function valueOf(code) {
  let first = code;
  while (isDigit(first - 1)) first--;
  return (code - first) % 10;
}

/** Spaces for a comment; one that is not closed is left as it is, for whoever reads the bits to say so. @param {string} written */
function blank(written) {
  const open = (written.startsWith("/*") && !written.endsWith("*/")) || (written.startsWith("<!--") && !written.endsWith("-->"));
  return open ? written : written.replace(/[^\n]/gu, " ");
}

/**
 * Bytes as text that an address may hold, and back: `r2.SGk` are two bytes as they are, `z1000.…` a thousand deflated,
 * whichever is shorter, in base64url. The number tells a text that was cut off on its way.
 */

/** More bytes than any run needs: what unpacks to more was made to fill the memory. */
const MOST_BYTES = 65536;

/** Ends the sentence “… cannot be read:”. */
export const CUT_OFF = "cut off or changed on its way";

/** @param {Uint8Array} bytes */
export async function pack(bytes) {
  const deflated = await through(new CompressionStream("deflate-raw"), bytes, Infinity);
  const [form, shorter] = deflated.length < bytes.length ? ["z", deflated] : ["r", bytes];
  return `${form}${bytes.length}.${toBase64Url(shorter)}`;
}

/**
 * @param {string} packed
 * @returns {Promise<Uint8Array>}
 * @throws {RangeError} it was changed, cut off, or made by something else
 */
export async function unpack(packed) {
  const [, form, digits, text] = /^([rz])(\d{1,9})\.([A-Za-z0-9_-]*)$/.exec(packed) ?? [];
  if (!form) throw new RangeError("not written as this page writes it");
  const length = Number(digits);
  if (length > MOST_BYTES) throw new RangeError(`${length.toLocaleString("en")} bytes are more than any run has`);
  const bytes = fromBase64Url(text);
  const unpacked = form === "r" ? bytes : await inflate(bytes, length);
  if (unpacked.length !== length) throw new RangeError(CUT_OFF);
  return unpacked;
}

/** @param {Uint8Array} bytes @param {number} most */
async function inflate(bytes, most) {
  try {
    return await through(new DecompressionStream("deflate-raw"), bytes, most);
  } catch (error) {
    if (error instanceof TypeError) throw new RangeError(CUT_OFF);
    throw error;
  }
}

/** @param {CompressionStream | DecompressionStream} stream @param {Uint8Array} bytes @param {number} most */
async function through(stream, bytes, most) {
  const reader = new Blob([/** @type {BlobPart} */ (bytes)]).stream().pipeThrough(stream).getReader();
  /** @type {number[]} */
  const whole = [];
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) break;
    if (whole.length + value.length > most) {
      await reader.cancel();
      throw new RangeError(CUT_OFF);
    }
    whole.push(...value);
  }
  return Uint8Array.from(whole);
}

/** @param {Uint8Array} bytes */
function toBase64Url(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {string} text */
function fromBase64Url(text) {
  if (text.length % 4 === 1) throw new RangeError(CUT_OFF);
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

// @ts-check
/**
 * Slices on the graphics card, as they came over the wire: 16-bit values, point by point, four a texel. Those that are between now
 * are there whole; one that comes next is sent piece by piece, a piece a frame.
 */

/** Texels in a row: what every WebGL 2 has at least, and a power of two. */
export const SIDE = 2048;
const PIECE = 2 ** 20; // values that are sent ahead in one frame: 2 MB
const KEPT = 4; // two that are between, the one that comes, and one to go back to

/** @typedef {{texture: WebGLTexture, rows: number, sent: number}} Sent rows of texels, and how many of them are there */

/** Rows of texels that so many values take. @param {number} values */
export const rowsFor = (values) => Math.ceil(values / (4 * SIDE));

/** @param {WebGL2RenderingContext} gl */
export function createSliceTextures(gl) {
  /** by their values, those used last at the end @type {Map<Uint16Array, Sent>} */
  const kept = new Map();

  /** @param {Uint16Array} values @returns {Sent} */
  function made(values) {
    const found = kept.get(values);
    if (found) {
      kept.delete(values);
      kept.set(values, found);
      return found;
    }
    const rows = rowsFor(values.length);
    const old = kept.size >= KEPT ? kept.entries().next().value : undefined;
    if (old) kept.delete(old[0]);
    const reused = old?.[1].rows === rows ? old[1].texture : null;
    if (old && !reused) gl.deleteTexture(old[1].texture);
    const sent = { texture: reused ?? empty(rows), rows, sent: 0 };
    kept.set(values, sent);
    return sent;
  }

  /** @param {number} rows */
  function empty(rows) {
    const texture = /** @type {WebGLTexture} */ (gl.createTexture());
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA16UI, SIDE, rows);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    return texture;
  }

  /** Send so many more rows, the last one filled up. @param {Uint16Array} values @param {Sent} to @param {number} most */
  function send(values, to, most) {
    const end = Math.min(to.rows, to.sent + most);
    const whole = Math.min(end, Math.floor(values.length / (4 * SIDE)));
    gl.bindTexture(gl.TEXTURE_2D, to.texture);
    if (whole > to.sent) put(to.sent, whole - to.sent, values.subarray(4 * SIDE * to.sent, 4 * SIDE * whole));
    if (end > whole) {
      const last = new Uint16Array(4 * SIDE);
      last.set(values.subarray(4 * SIDE * whole));
      put(whole, 1, last);
    }
    to.sent = end;
  }

  /** @param {number} from @param {number} rows @param {Uint16Array} values */
  const put = (from, rows, values) =>
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, from, SIDE, rows, gl.RGBA_INTEGER, gl.UNSIGNED_SHORT, values);

  return {
    /** The texture of a slice, whole. @param {Uint16Array} values */
    whole(values) {
      const found = made(values);
      if (found.sent < found.rows) send(values, found, found.rows);
      return found.texture;
    },
    /** Send a piece of a slice that comes next. @param {Uint16Array} values */
    ahead(values) {
      const found = made(values);
      if (found.sent < found.rows) send(values, found, Math.ceil(PIECE / (4 * SIDE)));
    },
  };
}

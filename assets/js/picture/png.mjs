// @ts-check
/** A PNG that says how large it is on paper: the browser's own says nothing, so a chunk pHYs is put in (PNG specification, 11.3.4.3). */

const METRE = 0.0254; // of an inch
const HEADER_END = 33; // the signature, and the chunk IHDR: pHYs may stand right behind it

let table = new Uint32Array(0);

/** The check sum of a chunk. @param {Uint8Array} bytes */
function crc(bytes) {
  if (!table.length)
    table = Uint32Array.from({ length: 256 }, (_, n) => {
      for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
      return n;
    });
  let c = 0xffffffff;
  for (const byte of bytes) c = table[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/**
 * The same picture, with its resolution.
 *
 * @param {Uint8Array} png as a browser writes it @param {number} dpi dots per inch
 * @returns {Uint8Array}
 * @throws {Error} if it is no PNG
 */
export function withDpi(png, dpi) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (png.length < HEADER_END || view.getUint32(0) !== 0x89504e47 || view.getUint32(12) !== 0x49484452)
    throw new Error(`withDpi: must be a PNG, got ${png.length} bytes that begin otherwise`);
  const chunk = new Uint8Array(21);
  const write = new DataView(chunk.buffer);
  write.setUint32(0, 9);
  write.setUint32(4, 0x70485973); // "pHYs"
  const perMetre = Math.round(dpi / METRE);
  write.setUint32(8, perMetre);
  write.setUint32(12, perMetre);
  chunk[16] = 1; // the unit is the metre
  write.setUint32(17, crc(chunk.subarray(4, 17)));
  const out = new Uint8Array(png.length + chunk.length);
  out.set(png.subarray(0, HEADER_END));
  out.set(chunk, HEADER_END);
  out.set(png.subarray(HEADER_END), HEADER_END + chunk.length);
  return out;
}

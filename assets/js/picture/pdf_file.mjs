// @ts-check
/** A PDF file of one page, put together from its objects (ISO 32000-1, section 7.5). */

const text = new TextEncoder();

/** @typedef {string|{dictionary: string, stream: Uint8Array}} PdfObject what stands between "obj" and "endobj" */

/** Bytes made smaller, as FlateDecode undoes it. @param {Uint8Array} bytes */
async function deflated(bytes) {
  const stream = new Blob([/** @type {BlobPart} */ (bytes)]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A stream, compressed. @param {string} dictionary what it is, besides its length @param {Uint8Array|string} bytes @returns {Promise<PdfObject>} */
export async function streamOf(dictionary, bytes) {
  const stream = await deflated(typeof bytes === "string" ? text.encode(bytes) : bytes);
  return { dictionary: `${dictionary} /Filter /FlateDecode`, stream };
}

/** A text in a dictionary: UTF-16, so that every letter has a place. @param {string} said */
export const textString = (said) =>
  `<FEFF${Array.from({ length: said.length }, (_, i) => said.charCodeAt(i).toString(16).padStart(4, "0")).join("")}>`;

/**
 * The file.
 *
 * @param {PdfObject[]} objects the first is number 1, and the catalogue
 * @param {number} info number of the one that says the title
 * @returns {Uint8Array}
 */
export function pdfFile(objects, info) {
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  const write = (/** @type {Uint8Array|string} */ part) => {
    const bytes = typeof part === "string" ? text.encode(part) : part;
    parts.push(bytes);
    length += bytes.length;
  };
  write("%PDF-1.7\n%");
  write(Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3, 0x0a)); // so that nobody takes it for text
  const places = objects.map((object, i) => {
    const place = length;
    write(`${i + 1} 0 obj\n`);
    if (typeof object === "string") write(`${object}\n`);
    else {
      write(`<< ${object.dictionary} /Length ${object.stream.length} >>\nstream\n`);
      write(object.stream);
      write("\nendstream\n");
    }
    write("endobj\n");
    return place;
  });
  const table = length;
  const rows = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  write(`xref\n0 ${size}\n0000000000 65535 f \n${rows}`);
  write(`trailer\n<< /Size ${size} /Root 1 0 R /Info ${info} 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  const file = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

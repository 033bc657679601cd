// @ts-check
/** What a reader takes away: text on the clipboard, a file. */

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it is on the clipboard now
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // no clipboard without a secure address: the old way, from a field of our own
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** @param {Float64Array} matrix (p, p) @param {number} p @returns {string} a numpy expression */
export function numpyText(matrix, p) {
  const rows = Array.from({ length: p }, (_, i) =>
    `[${Array.from(matrix.subarray(i * p, (i + 1) * p), (x) => x.toPrecision(9)).join(", ")}]`,
  ); // prettier-ignore
  return `np.array([${rows.join(",\n          ")}])`;
}

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// @ts-check
/** Columns of a run whose values are texts: there may be as many as points, so that they come by an address of their own. */

/** @typedef {ReturnType<typeof import("./tensors.mjs").openTensors>} Tensors */

/**
 * Fetch the texts of a run's columns, and have them where categories have their names.
 *
 * @param {Pick<Tensors, "announcement"|"other">} tensors
 */
export async function fetchTexts({ announcement, other }) {
  const fill = async (/** @type {import("../payloads.mjs").ColumnNote} */ note) => {
    if (!note.texts || note.names.length) return;
    note.names = JSON.parse(new TextDecoder().decode(await other(note.texts)));
  };
  await Promise.all(announcement.columns.map(fill));
}

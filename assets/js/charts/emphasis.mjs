// @ts-check
/** The lines of one class, seen before those of all others. */

/**
 * Have one class's lines stand out of charts whose traces say in `meta.class` whose they are, -1 for those of all classes.
 *
 * @param {{gd: any}[]} charts @param {number|null} c null: all are alike again
 */
export function emphasise(charts, c) {
  for (const { gd } of charts) {
    gd.calcdata?.forEach((/** @type {any} */ calc) => {
      const { meta } = calc[0].trace;
      if (meta.class >= 0) calc[0].node3?.style("opacity", c !== null && meta.class !== c ? 0.12 : 1);
    });
  }
}

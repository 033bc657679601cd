// @ts-check
/** How long things are drawn: a row of p entries of which two are seen. */

/** Of each unit vector, the drawn part of its row of G. @param {ArrayLike<number>} g (p, p) @param {number} p at least 2 @returns {number[]} */
export const drawnLengths = (g, p) => Array.from({ length: p }, (_, i) => Math.hypot(g[i * p], g[i * p + 1]));

/** The drawn distance of two unit vectors, which are √2 apart. @param {ArrayLike<number>} g (p, p) @param {number} p @param {number} i @param {number} j */
export const drawnDistance = (g, p, i, j) => Math.hypot(g[i * p] - g[j * p], g[i * p + 1] - g[j * p + 1]);

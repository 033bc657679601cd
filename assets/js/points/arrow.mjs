// @ts-check
/** An arrow, with any pen. */

const HEAD = 6; // px
const SHORTEST = 1; // px: a shorter way is no arrow

/**
 * From one place to another, in the pen's own colours.
 *
 * @param {import("./pens.mjs").Pen} pen @param {number} x px @param {number} y @param {number} toX @param {number} toY
 */
export function arrow(pen, x, y, toX, toY) {
  const length = Math.hypot(toX - x, toY - y);
  if (length < SHORTEST) return;
  const head = Math.min(HEAD, length / 2);
  const [ux, uy] = [(toX - x) / length, (toY - y) / length];
  const [bx, by] = [toX - head * ux, toY - head * uy];
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(bx, by);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(toX, toY);
  pen.lineTo(bx - 0.45 * head * uy, by + 0.45 * head * ux);
  pen.lineTo(bx + 0.45 * head * uy, by - 0.45 * head * ux);
  pen.fill();
}

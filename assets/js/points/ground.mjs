// @ts-check
/**
 * What points are drawn on, and what becomes of those that stand back: paler, not only less opaque, for a hundred faint
 * points on one place would otherwise be as strong as one that is selected. The same on all pages and in pictures.
 */

const TINT = 0.25; // of a colour that stands back; the rest is the ground's
const WHITE = /** @type {[number, number, number]} */ ([255, 255, 255]);

/** Bytes of a colour as styles write it: "#fff", "#191d23", "rgb(25, 29, 35)"; white for others. @param {string|null} color @returns {[number, number, number]} */
export function bytesOf(color) {
  const text = (color ?? "").trim();
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  if (hex) {
    const wide = hex.length === 3 ? [...hex].map((c) => c + c).join("") : hex;
    return /** @type {[number, number, number]} */ ([0, 2, 4].map((i) => parseInt(wide.slice(i, i + 2), 16)));
  }
  const said = /^rgb\(([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)\)$/.exec(text);
  return said ? [Number(said[1]), Number(said[2]), Number(said[3])] : WHITE;
}

/** What stages are drawn on, by theme; asking the page would have all its styles brought up to date. @type {Map<string, [number, number, number]>} */
const grounds = new Map();

/** What stages are drawn on now. */
export function groundNow() {
  const root = document.documentElement;
  const theme = root.dataset.bsTheme ?? "";
  const known = grounds.get(theme);
  if (known) return known;
  const said = getComputedStyle(root).getPropertyValue("--gt-surface");
  const ground = bytesOf(said);
  if (theme && said) grounds.set(theme, ground);
  return ground;
}

/**
 * Colours as they are on a ground: what stands back is mixed with it, and as much more opaque, so that a single point is as
 * faint as it was, and any number of them on one place is no stronger than the mixture.
 *
 * @param {Uint8Array} palette RGBA; the second half are those that stand back
 * @param {readonly number[]} ground bytes
 * @returns {Uint8Array} another one
 */
export function onGround(palette, ground) {
  const out = palette.slice();
  for (let at = palette.length / 2; at < palette.length; at += 4) {
    for (let c = 0; c < 3; c++) out[at + c] = Math.round(ground[c] + TINT * (palette[at + c] - ground[c]));
    out[at + 3] = Math.min(255, Math.round(palette[at + 3] / TINT));
  }
  return out;
}

/** Hear when the ground has become another: light, or dark. @param {() => void} heard @returns {() => void} ends it */
export function onOtherGround(heard) {
  const watch = new MutationObserver(heard);
  watch.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  return () => watch.disconnect();
}

/** Colours of a palette, as a pen has them. @param {Uint8Array} palette @returns {[string, number][]} colour and opacity */
export const stylesOf = (palette) =>
  Array.from({ length: palette.length / 4 }, (_, c) => {
    const [r, g, b, a] = palette.subarray(4 * c, 4 * c + 4);
    return [`#${[r, g, b].map((one) => one.toString(16).padStart(2, "0")).join("")}`, a / 255];
  });

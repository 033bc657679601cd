// @ts-check
/** How a sheet looks: what is on it, the size of its type, its ground and ink. */

/**
 * @typedef {"screen"|"white"|"none"} Ground as on the screen, white, or transparent
 * @typedef {object} Chosen what the reader has chosen
 * @property {Ground} ground @property {boolean} caption @property {boolean} legend @property {boolean} names of handles and groups, with these
 * @property {boolean} rings around selected points @property {number} dots how many times as large as they are by themselves
 * @typedef {object} Look
 * @property {string|null} ground null for none @property {string} ink @property {string} quiet
 * @property {number} type px
 * @property {boolean} caption @property {boolean} legend @property {boolean} names @property {boolean} rings @property {number} dots
 * @property {number} scale pixels a px, for what is drawn as a picture
 * @property {boolean} vector whether the pen writes vectors
 * @property {(color: string) => string} resolve a colour that may be the style's, as a pen knows it
 */

const ON_WHITE = { ground: "#ffffff", ink: "#1d2126", quiet: "#5b6470" };

/** The page's own colours. */
function ofScreen() {
  const root = getComputedStyle(document.documentElement);
  const ground = root.getPropertyValue("--gt-surface").trim() || ON_WHITE.ground;
  const quiet = root.getPropertyValue("--gt-quiet").trim() || ON_WHITE.quiet;
  return { ground: plain(ground), ink: plain(getComputedStyle(document.body).color), quiet: plain(quiet) };
}

/** A colour as "rgb(…)", whatever the style writes. @param {string} color */
function plain(color) {
  const box = document.createElement("span");
  box.style.color = color;
  document.body.append(box);
  const found = getComputedStyle(box).color;
  box.remove();
  return found.startsWith("rgb") ? found : ON_WHITE.ink;
}

/** @param {Chosen} chosen @param {{type: number, scale: number, vector: boolean}} how @returns {Look} */
export function lookOf(chosen, how) {
  const colors = chosen.ground === "screen" ? ofScreen() : ON_WHITE;
  const { caption, legend, names, rings, dots } = chosen;
  return {
    ...colors,
    ...how,
    ground: chosen.ground === "none" ? null : colors.ground,
    caption, legend, names, rings, dots,
    resolve: (color) => (!color.startsWith("var(") ? color : color.includes("secondary") ? colors.quiet : colors.ink),
  }; // prettier-ignore
}

// @ts-check
/** The words around a picture: what the server wrote of epochs is said of steps where a run goes by these. */

/** Places whose words are all the app's own, so that no name of a run is taken for one of them. */
const OURS = "h1, [data-gt-unit]";
const RATE = /(\d+) (?:recorded )?(epoch|step)(s?)\/s/g;

/**
 * A text of one unit in another.
 *
 * @param {string} text @param {string} unit "epoch" or "step"
 */
export function inUnit(text, unit) {
  const rate = unit === "step" ? "$1 recorded step$3/s" : "$1 epoch$3/s";
  const article = unit === "step" ? "a step" : "an epoch";
  const capital = unit[0].toUpperCase() + unit.slice(1);
  if (text.search(RATE) >= 0) return text.replace(RATE, rate);
  return text
    .replace(/\b(?:an epoch|a step)\b/g, article)
    .replace(/\b(?:epoch|step)(s?)\b/g, `${unit}$1`)
    .replace(/\b(?:Epoch|Step)(s?)\b/g, `${capital}$1`);
}

/** @param {HTMLElement} root of a page @param {string} unit */
export function sayUnit(root, unit) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(OURS))) {
    const before = place.dataset.gtUnit ?? "epoch";
    if (before === unit) continue;
    place.dataset.gtUnit = unit;
    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) change(texts.currentNode, unit);
    for (const one of [place, ...place.querySelectorAll("[title], [aria-label]")])
      for (const name of ["title", "aria-label"]) {
        const text = one.getAttribute(name);
        if (text) one.setAttribute(name, inUnit(text, unit));
      }
  }
}

/** @param {Node} node @param {string} unit */
function change(node, unit) {
  const said = inUnit(node.nodeValue ?? "", unit);
  if (said !== node.nodeValue) node.nodeValue = said;
}

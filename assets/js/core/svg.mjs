// @ts-check
/** Making elements of SVG, briefly; `el` of dom.mjs makes those of HTML. */

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string|number>} [attributes]
 * @param {...(Node|string)} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

/** @param {Element} element @param {Record<string, string|number>} attributes */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes))
    if (name === "style")
      /** @type {SVGElement} */ (element).style.cssText = String(value); // as an attribute a file's policy refuses it
    else element.setAttribute(name, String(value));
}

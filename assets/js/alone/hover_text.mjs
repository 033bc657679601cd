// @ts-check
/** What a figure says of the point under the pointer, from the template that plotly would fill in. */

const ENTITIES = /** @type {Record<string, string>} */ ({ "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#37;": "%", "&#36;": "$" }); // prettier-ignore

/** A text as it was before `gt.figures.letters`. @param {string} text */
export const plain = (text) => text.replace(/&(?:amp|lt|gt|#37|#36);/g, (found) => ENTITIES[found]);

/** @param {string} template @param {Record<string, any>} values by name: x, y, text, customdata */
export function filled(template, values) {
  const text = template.replace(/%\{(\w+)(?:\[(\d+)\])?(?::\.(\d)([f%]))?\}/g, (_, name, at, digits, kind) => {
    const value = at === undefined ? values[name] : values[name]?.[Number(at)];
    if (digits === undefined) return String(value);
    return kind === "%" ? `${(100 * value).toFixed(digits)} %` : Number(value).toFixed(digits);
  });
  return plain(text.replace(/<extra>.*<\/extra>/, ""));
}

// @ts-check
/** Names in a sentence, and long ones: cut in the middle, for what tells them apart is as often at the end as at the beginning. */

const MARK = "…";

/**
 * A name of at most so many characters: the middle of a longer one is left out. Who shows it has the whole in a tooltip, see `named`.
 *
 * @param {string} name @param {number} most at least 3
 */
export function middle(name, most) {
  const letters = Array.from(name);
  if (letters.length <= most) return name;
  const head = letters.slice(0, Math.ceil((most - 1) / 2)).join("");
  const tail = letters.slice(letters.length - Math.floor((most - 1) / 2)).join("");
  return head.trimEnd() + MARK + tail.trimStart();
}

/**
 * A cut name and its tooltip, as properties of `el`; a name that fits needs none.
 *
 * @param {string} name @param {number} most
 * @returns {{textContent: string, title: string}}
 */
export const named = (name, most) => {
  const textContent = middle(name, most);
  return { textContent, title: textContent === name ? "" : name };
};

/** Names in a sentence: "a, b and c". @param {string[]} names at least one */
export const listed = (names) =>
  names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}` : names[0];

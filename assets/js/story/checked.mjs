// @ts-check
/** A story from elsewhere, looked at before it is used: the browser's twin of `gt/kept/story.py`, for files that are opened and what this browser keeps. */

/** @typedef {import("../payloads.mjs").StoryData} StoryData */

export const VIEWS = 64; // of a story
export const TITLE = 120; // characters
export const TEXT = 1000; // characters
export const ALT = 2000; // characters
export const NOTE = 300; // characters
export const PICTURE = 60_000; // bytes
const NAME = 200; // characters
const QUERY = 40_000; // characters
export const PAGES = ["grand-tour", "layers", "tsne", "umap", "embedding", "compare", "adversarial", "training", "network", "two-runs"]; // prettier-ignore
const IN_QUERY = /^[!$%&'()*+,\-./0-9:;=?@A-Z_a-z~[\]]*$/;
const IN_DATA = /^data:image\/(webp|png);base64,[A-Za-z0-9+/]*={0,2}$/;

/** @param {boolean} holds @param {string} problem */
function must(holds, problem) {
  if (!holds) throw new Error(`The story cannot be read: ${problem}`);
}

/** @param {any} said @param {string} where @param {string[]} wanted @param {string[]} [more] */
function fields(said, where, wanted, more = []) {
  must(said !== null && typeof said === "object" && !Array.isArray(said), `${where} must be an object`);
  for (const one of wanted) must(one in said, `${where} must say ${wanted.join(", ")}; ${one} is missing`);
  const other = Object.keys(said).find((one) => ![...wanted, ...more].includes(one));
  must(other === undefined, `${where} says “${other?.slice(0, 40)}”, which nobody reads`);
}

/** @param {any} value @param {string} where @param {number} most @param {RegExp} [odd] what may not be in it */
function text(value, where, most, odd = /[\p{Cc}\p{Zl}\p{Zp}]/u) {
  must(typeof value === "string" && value.trim() !== "", `${where} must be text`);
  must(value.length <= 2 * most && [...value].length <= most, `${where} must have at most ${most} characters`);
  must(!odd.test(value) && !/\p{Cs}/u.test(value), `${where} must be plain text`);
}

/** Some lines, or none. @param {any} value @param {string} where @param {number} most */
const lines = (value, where, most) =>
  value === undefined || value === "" ? undefined : text(value, where, most, /[^\P{Cc}\n]|[\p{Zl}\p{Zp}]/u);

/** @param {any} note @param {string} where */
function checkNote(note, where) {
  fields(note, where, ["text", "at"]);
  text(note.text, `${where}.text`, NOTE, /[^\P{Cc}\n]|[\p{Zl}\p{Zp}]/u);
  const kinds = note.at !== null && typeof note.at === "object" ? Object.keys(note.at) : [];
  must(kinds.length === 1 && ["point", "class", "group", "place"].includes(kinds[0]), `${where}.at must say one of point, class, group and place`); // prettier-ignore
  const [kind] = kinds;
  const at = note.at[kind];
  if (kind === "point") must(Number.isSafeInteger(at) && at >= 0, `${where}.at.point must be a point's id`);
  else if (kind !== "place") text(at, `${where}.at.${kind}`, NAME);
  else {
    const right = Array.isArray(at) && at.length === 2 && at.every((one) => typeof one === "number" && one >= 0 && one <= 1); // prettier-ignore
    must(right, `${where}.at.place must be two numbers, 0 to 1`);
  }
}

/** @param {any} view @param {string} where */
function checkView(view, where) {
  fields(view, where, ["page", "query", "title"], ["text", "note", "picture", "alt"]);
  must(PAGES.includes(view.page), `${where}.page must be one of ${PAGES.join(", ")}`);
  must(typeof view.query === "string" && IN_QUERY.test(view.query), `${where}.query must be what stands behind the ? of an address`); // prettier-ignore
  must(view.query.length <= QUERY, `${where}.query must have at most ${QUERY} characters`);
  text(view.title, `${where}.title`, TITLE);
  lines(view.text, `${where}.text`, TEXT);
  lines(view.alt, `${where}.alt`, ALT);
  if (view.note !== undefined) checkNote(view.note, `${where}.note`);
  if (view.picture === undefined) return;
  must(typeof view.picture === "string" && view.picture.length < 1.5 * PICTURE && IN_DATA.test(view.picture), `${where}.picture must be a WebP or PNG as a data: address`); // prettier-ignore
}

/**
 * @param {any} said what was read, as JSON
 * @returns {StoryData}
 * @throws {Error} with a sentence that names the place
 */
export function checked(said) {
  fields(said, "it", ["version", "uid", "title", "views"]);
  must(said.version === 1, "version must be 1; a newer gt may have written it");
  text(said.uid, "uid", 64);
  text(said.title, "title", TITLE);
  must(Array.isArray(said.views) && said.views.length <= VIEWS, `views must be a list of at most ${VIEWS}`);
  said.views.forEach((/** @type {any} */ view, /** @type {number} */ i) => checkView(view, `views[${i}]`));
  return said;
}

// @ts-check
/** The stages that are on the page now, by name; what `inspect` looks in. */

/** @type {Map<string, () => object>} */
const stages = new Map();

/** @param {string} name @param {() => object} inspect */
export function register(name, inspect) {
  stages.set(name, inspect);
}

/** @param {string} name */
export function unregister(name) {
  stages.delete(name);
}

/**
 * What a stage shows right now, as numbers.
 *
 * @param {string} name the value of its `data-gt-stage`
 */
export function inspect(name) {
  const found = stages.get(name);
  if (!found) {
    throw new Error(`inspect: no stage "${name}"; on this page: ${[...stages.keys()].join(", ") || "none"}`);
  }
  return found();
}

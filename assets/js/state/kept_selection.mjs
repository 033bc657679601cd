// @ts-check
/** Selections that are too large for an address: the server keeps them, and the address has the name that it gave. */

import { ask } from "../core/ask.mjs";
import { pack, unpack } from "./link.mjs";

/** What each selection is called, or is going to be. @type {WeakMap<ReadonlySet<number>, Promise<string>>} */
const asked = new WeakMap();
/** @type {WeakMap<ReadonlySet<number>, string>} */
const names = new WeakMap();

/** What the server calls a selection that it keeps; null while it does not. @param {ReadonlySet<number>} ids */
export const nameOf = (ids) => names.get(ids) ?? null;

/**
 * Have the server keep a selection, once.
 *
 * @param {string} base prefix under which the app is served, ending in "/" @param {ReadonlySet<number>} ids
 * @returns {Promise<string>} what it is called
 */
export function keep(base, ids) {
  let name = asked.get(ids);
  if (!name) {
    name = send(base, ids);
    asked.set(ids, name);
    name.then(
      (given) => names.set(ids, given),
      () => asked.delete(ids), // it may be tried again
    );
  }
  return name;
}

/** @param {string} base @param {ReadonlySet<number>} ids */
async function send(base, ids) {
  const body = /** @type {Uint8Array<ArrayBuffer>} */ (pack([...ids]));
  const headers = { "Content-Type": "application/octet-stream" };
  const answer = await ask(`${base}selections`, { method: "POST", headers, body });
  const said = (await answer.text()).trim();
  if (!answer.ok) throw new Error(said);
  return said;
}

/**
 * The ids of a selection that the server keeps.
 *
 * @param {string} base @param {string} name @returns {Promise<number[]>}
 */
export async function fetchKept(base, name) {
  const answer = await ask(`${base}selections/${name}`);
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return unpack(new Uint8Array(await answer.arrayBuffer()));
}

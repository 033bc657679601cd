// @ts-check
/** The page Network in a file: the answers for some points and epochs are in the file, those to what else is asked are made of them here. */

import { showNetwork } from "../pages/network.mjs";
import { answerWith, ask } from "./ask.mjs";

/**
 * @typedef {{ids: number[], labels: number[], splits: string[], images: import("../payloads.mjs").Tensor|null}} Images of all points that are here
 * @param {HTMLElement} _root @param {import("../payloads.mjs").PageMount} mount
 * @param {Record<string, {network: import("../payloads.mjs").NetworkAnnouncement, images: Images}>} shown
 */
export async function open(_root, mount, shown) {
  const [{ network, images }] = Object.values(shown);
  answerWith("thumbnails/", (rest) => thumbnails(images, rest.split("/")[1].split(",").map(Number)));
  answerWith("activations/", (rest) => {
    const [, , id] = rest.split("/");
    const many = network.samples.length;
    const said = `Point ${id} is not in this file, which has ${many} points on their way through the network`;
    return new Response(said, { status: 404 });
  });
  await showNetwork(network, mount, null, null);
}

/** As the server packs them: a head of JSON, and the images behind it. @param {Images} all @param {number[]} wanted ids; those that are not here are left out */
async function thumbnails({ ids, labels, splits, images }, wanted) {
  const places = wanted.map((id) => ids.indexOf(id)).filter((at) => at >= 0);
  const pick = (/** @type {any[]} */ list) => places.map((at) => list[at]);
  const shape = images?.shape.slice(1) ?? [0, 0, 1];
  const size = shape.reduce((a, b) => a * b, 1);
  const pixels = images ? new Uint8Array(await (await ask(images.url)).arrayBuffer()) : new Uint8Array();
  const head = new TextEncoder().encode(
    JSON.stringify({ ids: pick(ids), labels: pick(labels), splits: pick(splits), shape }),
  );
  const start = 4 * Math.ceil(head.length / 4);
  const bytes = new Uint8Array(4 + start + places.length * size).fill(32);
  new DataView(bytes.buffer).setUint32(0, start, true);
  bytes.set(head, 4);
  places.forEach((at, i) => bytes.set(pixels.subarray(at * size, (at + 1) * size), 4 + start + i * size));
  return new Response(bytes);
}

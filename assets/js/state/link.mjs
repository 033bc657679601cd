// @ts-check
/**
 * A view as the query of a link: run, layer or method, epoch, the two columns of the frame that are seen, hidden
 * classes, colours, dots or images, selection, filters and groups. Numbers travel as base64url of little-endian
 * bytes; a selection as the differences between its sorted ids, seven bits a byte, or the name under which the server keeps it.
 */

const FEW = 64; // rows of a frame that are written all; of more, those that are not zero, where these are fewer than half
const MOTION = ["0", "epochs", "tour", "states"]; // what can move; nothing
const LONGEST = 6000; // characters of a selection; servers and chats cut longer links

/**
 * @typedef {object} Shared
 * @property {string} run
 * @property {string} layer or the name of an embedding or of an alignment
 * @property {"layer"|"method"|"embedding"|"alignment"} kind which of them
 * @property {number} epoch its number
 * @property {Float64Array|null} columns (p, 2)
 * @property {number[]} hidden
 * @property {string} color
 * @property {boolean} images
 * @property {number[]} ids selected
 * @property {import("../stage/magnifier.mjs").Zoom|null} [zoom] null where nobody has zoomed
 * @property {import("../stage/magnifier.mjs").Zoom|null} [sight] what is in sight where it follows the points
 * @property {string[]} [motion] what moves: "epochs", "tour", "states"; nothing by default
 */

/** @param {Shared} view @returns {{query: string, selectionLeftOut: boolean}} */
export function writeLink(view) {
  const query = new URLSearchParams({ run: view.run, [view.kind]: view.layer, epoch: String(+view.epoch.toFixed(3)) });
  if (view.columns) query.set("frame", writeFrame(Float32Array.from(view.columns)));
  if (view.hidden.length) query.set("hide", view.hidden.join("."));
  if (view.color !== "label") query.set("color", view.color);
  if (view.images) query.set("points", "images");
  const selectionLeftOut = !addSelection(query, view.ids);
  if (view.zoom) query.set("zoom", writeZoom(view.zoom));
  if (view.sight) query.set("sight", writeZoom(view.sight));
  query.set("play", view.motion?.length ? view.motion.join(".") : "0");
  return { query: query.toString(), selectionLeftOut };
}

/**
 * Put a selection into a query; one that is too long for it by its name.
 *
 * @param {URLSearchParams} query @param {number[]} ids @param {string|null} [kept] what the server calls it, where it keeps it
 * @returns {boolean} whether all of it is in
 */
export function addSelection(query, ids, kept = null) {
  const text = ids.length <= LONGEST ? writeIds(ids) : ""; // an id takes a character at least
  const fits = ids.length <= LONGEST && text.length <= LONGEST;
  if (fits && text) query.set("select", text);
  if (!fits && kept) query.set("kept", kept);
  return fits || Boolean(kept);
}

/**
 * Put filters into a query: as they are written, or the points of one as those of a selection are, behind "@".
 *
 * @param {URLSearchParams} query @param {readonly import("./filters.mjs").Filter[]} filters
 * @param {(ids: ReadonlySet<number>) => string|null} [nameOf] what the server calls points that are too many for a link
 * @returns {ReadonlySet<number>[]} those that it does not keep yet, and that were left out
 */
export function addFilters(query, filters, nameOf = () => null) {
  const left = [];
  for (const { how, text, ids } of filters) {
    const packed = ids && ids.size <= LONGEST ? writeIds([...ids]) : "";
    const kept = ids && (packed.length > LONGEST || !packed) ? nameOf(ids) : null;
    if (!ids) query.append(how, text);
    else if (kept) query.append(how, `@@${kept}`);
    else if (packed && packed.length <= LONGEST) query.append(how, `@${packed}`);
    else left.push(ids);
  }
  return left;
}

/**
 * Put groups of points into a query: colour, points as those of a selection (behind "@" the name under which the server keeps them) and name, with
 * dots between, then a note on a line of its own. Together they have the room of a selection; for the rest the server keeps the points.
 *
 * @param {URLSearchParams} query @param {readonly import("./kept_groups.mjs").Group[]} groups
 * @param {(ids: ReadonlySet<number>) => string|null} [nameOf] what the server calls points
 * @returns {ReadonlySet<number>[]} those that it does not keep yet, whose groups were left out
 */
export function addGroups(query, groups, nameOf = () => null) {
  const left = [];
  let room = LONGEST;
  for (const { name, note, color, ids } of groups) {
    const packed = ids.size <= room ? writeIds([...ids]) : "";
    const fits = packed && packed.length <= room;
    const kept = fits ? null : nameOf(ids);
    if (!fits && !kept) {
      left.push(ids);
      continue;
    }
    if (fits) room -= packed.length;
    query.append("group", `${color}.${fits ? packed : `@${kept}`}.${name}${note ? `\n${note}` : ""}`);
  }
  return left;
}

/** @typedef {{name: string, note: string, color: number, ids: number[]|null, kept: string|null}} AskedGroup `kept`: the name of points that the server keeps */

/** @param {URLSearchParams} query @param {string[]} unread gets what of it cannot be read @returns {AskedGroup[]} */
function readGroups(query, unread) {
  return query.getAll("group").flatMap((text) => {
    const found = text.match(/^(\d{1,2})\.(@[0-9a-f]{32}|[\w-]+)\.([^\n]+)(?:\n([^]*))?$/);
    try {
      if (!found) throw new Error("no group");
      const [, color, ids, name, note = ""] = found;
      const kept = ids.startsWith("@") ? ids.slice(1) : null;
      return [{ name, note, color: Number(color), ids: kept ? null : readIds(ids), kept }];
    } catch {
      unread.push("group");
      return [];
    }
  });
}

/** @typedef {{how: "only"|"without", text: string, ids: number[]|null, kept: string|null}} AskedFilter `kept`: the name of points that the server keeps */

/** @param {URLSearchParams} query @param {string[]} unread gets what of it cannot be read @returns {AskedFilter[]} */
function readFilters(query, unread) {
  /** @type {AskedFilter[]} */
  const found = [];
  for (const [how, text] of query) {
    if (how !== "only" && how !== "without") continue;
    try {
      if (/^@@[0-9a-f]{32}$/.test(text)) found.push({ how, text: "", ids: null, kept: text.slice(2) });
      else if (text.startsWith("@")) found.push({ how, text: "", ids: readIds(text.slice(1)), kept: null });
      else if (text.trim()) found.push({ how, text, ids: null, kept: null });
    } catch {
      unread.push(how);
    }
  }
  return found;
}

/**
 * @param {string} search with or without "?"
 * @param {number|null} p dimensions the frame must have; null for a picture that has none, and then none is read
 * @param {string[]} colorings that there are
 * @returns {{epoch: number|null, columns: Float64Array|null, hidden: number[], color: string|null,
 *   images: boolean, ids: number[]|null, zoom: import("../stage/magnifier.mjs").Zoom|null, sight: import("../stage/magnifier.mjs").Zoom|null, motion: string[]|null,
 *   kept: string|null, filters: AskedFilter[], groups: AskedGroup[], unread: string[]}} motion is null where the link does not say what moves; `unread` are parts that were left out
 */
export function readLink(search, p, colorings) {
  const query = new URLSearchParams(search);
  /** @type {string[]} */
  const unread = [];
  /** @template T @param {string} key @param {(text: string) => T|null} read @returns {T|null} */
  const take = (key, read) => {
    const text = query.get(key);
    if (text === null) return null;
    try {
      const value = read(text);
      if (value !== null) return value;
    } catch {
      // told below, like any other value that cannot be read
    }
    unread.push(key);
    return null;
  };
  const number = (/** @type {string} */ text) => (text !== "" && Number.isFinite(Number(text)) ? Number(text) : null);
  take("seed", number); // which the tour reads itself
  return {
    epoch: take("epoch", number),
    columns:
      p === null
        ? null
        : take("frame", (text) => {
            const columns = readFrame(text, p);
            return columns?.every(Number.isFinite) ? columns : null;
          }),
    hidden: take("hide", (text) => (/^\d+(\.\d+)*$/.test(text) ? text.split(".").map(Number) : null)) ?? [],
    color: take("color", (text) => (colorings.includes(text) ? text : null)),
    images: take("points", (text) => text === "images" || null) ?? false,
    ids: take("select", readIds),
    kept: take("kept", (text) => (/^[0-9a-f]{32}$/.test(text) ? text : null)),
    zoom: take("zoom", readZoom),
    sight: take("sight", readZoom),
    motion: take("play", (text) =>
      text.split(".").every((word) => MOTION.includes(word)) ? text.split(".").filter((word) => word !== "0") : null,
    ),
    filters: readFilters(query, unread),
    groups: readGroups(query, unread),
    unread: [...new Set(unread)],
  };
}

/** @param {import("../stage/magnifier.mjs").Zoom} zoom */
const writeZoom = ({ x, y, k }) => [x, y, k].map((v) => +v.toPrecision(6)).join("_");

/** @param {string} text @returns {import("../stage/magnifier.mjs").Zoom|null} */
function readZoom(text) {
  const [x, y, k, ...more] = text.split("_").map((word) => (word === "" ? NaN : Number(word)));
  return more.length || ![x, y, k].every(Number.isFinite) || !(k > 0) ? null : { x, y, k };
}

/** All rows of a frame, or the numbers of those that are not zero, a dot, and these. @param {Float32Array} columns (p, 2) */
function writeFrame(columns) {
  const p = columns.length / 2;
  const all = () => encode(new Uint8Array(columns.buffer));
  const there = [...Array(p).keys()].filter((i) => columns[2 * i] !== 0 || columns[2 * i + 1] !== 0);
  if (p <= FEW || 2 * there.length >= p) return all();
  const rows = Float32Array.from(there.flatMap((i) => [columns[2 * i], columns[2 * i + 1]]));
  return `${encode(pack(there))}.${encode(new Uint8Array(rows.buffer))}`;
}

/** @param {string} text @param {number} p @returns {Float64Array|null} (p, 2); null where it is of other dimensions */
function readFrame(text, p) {
  const [first, second] = text.split(".");
  const values = decode(second ?? first);
  const there = second === undefined ? [...Array(p).keys()] : unpack(decode(first));
  if (values.length !== 8 * there.length || there.some((i) => i >= p)) return null;
  const columns = new Float64Array(2 * p);
  const rows = new Float32Array(values.buffer);
  there.forEach((i, at) => columns.set(rows.subarray(2 * at, 2 * at + 2), 2 * i));
  return columns;
}

/** @param {number[]} ids non-negative integers @returns {Uint8Array} */
export function pack(ids) {
  const bytes = [];
  let last = 0;
  for (const id of [...ids].sort((a, b) => a - b)) {
    let gap = id - last;
    last = id;
    for (; gap > 127; gap = Math.floor(gap / 128)) bytes.push((gap % 128) + 128);
    bytes.push(gap);
  }
  return Uint8Array.from(bytes);
}

/** @param {Uint8Array} bytes @returns {number[]} */
export function unpack(bytes) {
  const ids = [];
  let last = 0;
  let gap = 0;
  let unit = 1;
  for (const byte of bytes) {
    gap += (byte % 128) * unit;
    unit *= 128;
    if (byte > 127) continue;
    ids.push((last += gap));
    [gap, unit] = [0, 1];
  }
  return ids;
}

/** Ids as they travel. @param {number[]} ids */
export const writeIds = (ids) => encode(pack(ids));

/** @param {string} text of `writeIds` @returns {number[]} @throws {Error} where it is none */
export const readIds = (text) => unpack(decode(text));

/** @param {Uint8Array} bytes */
function encode(bytes) {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text @returns {Uint8Array} */
function decode(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { COLORINGS } from "../../assets/js/points/colorings.mjs";
import {
  addFilters,
  addGroups,
  addSelection,
  pack,
  readLink as readAny,
  unpack,
  writeLink,
} from "../../assets/js/state/link.mjs";
import { uniform } from "../../assets/js/tour/random.mjs";

const readLink = (/** @type {string} */ search, /** @type {number|null} */ p) =>
  readAny(search, p, Object.keys(COLORINGS));

const COLUMNS = Float64Array.of(0.5, -0.25, 0.125, 0.75, -1, 0);
/** @type {import("../../assets/js/state/link.mjs").Shared} */
const VIEW = {
  run: "fashion-mnist",
  layer: "softmax",
  kind: "layer",
  epoch: 12.25,
  columns: COLUMNS,
  hidden: [0, 2],
  color: "verdict",
  images: true,
  ids: [5, 100000, 3, 100999],
};

test("a view comes back from its link", () => {
  const { query, selectionLeftOut } = writeLink(VIEW);
  assert.equal(selectionLeftOut, false);
  const asked = new URLSearchParams(query);
  assert.equal(asked.get("run"), "fashion-mnist");
  assert.equal(asked.get("layer"), "softmax");
  assert.equal(asked.get("play"), "0");
  for (const search of [query, `?${query}`]) {
    const { columns, ids, ...rest } = readLink(search, 3);
    const still = { zoom: null, sight: null, kept: null, filters: [], groups: [], motion: [], unread: [] };
    assert.deepEqual(rest, { epoch: 12.25, hidden: [0, 2], color: "verdict", images: true, ...still });
    assert.deepEqual([...(columns ?? [])], [...COLUMNS]);
    assert.deepEqual(ids, [3, 5, 100000, 100999]);
  }
});

test("a link says what was magnified, and what moves", () => {
  const zoom = { x: 0.125, y: -1 / 3, k: 2.5 };
  const { query } = writeLink({ ...VIEW, zoom, motion: ["epochs", "tour"] });
  const read = readLink(query, 3);
  assert.deepEqual(read.motion, ["epochs", "tour"]);
  assert.deepEqual(read.zoom, { ...zoom, y: -0.333333 });
  const followed = readLink(writeLink({ ...VIEW, sight: zoom }).query, 3);
  assert.deepEqual([followed.zoom, followed.sight], [null, { ...zoom, y: -0.333333 }]);
  assert.equal(readLink("play=0", 3).motion?.length, 0);
  for (const bad of ["zoom=1_2", "zoom=1_2_0", "zoom=1_2_x", "zoom=1_2_3_4", "zoom=__1", "play=", "play=a..b"]) {
    const { motion, zoom: none, unread } = readLink(bad, 3);
    assert.deepEqual([motion, none, unread.length], [null, null, 1], bad);
  }
});

test("of very many dimensions only those in the plane are written, and all come back", () => {
  const p = 1000;
  const few = new Float64Array(2 * p);
  for (let i = 0; i < 40; i++) few[2 * (25 * i) + (i % 2)] = i % 3 ? 0.25 : -0.5;
  const { query } = writeLink({ ...VIEW, columns: few });
  assert.ok(query.length < 700, `${query.length} characters`);
  assert.deepEqual([...(readLink(query, p).columns ?? [])], [...few]);
  assert.equal(readLink(query, p - 500).unread.length, 1, "of another number of dimensions it is not read");
  const all = new Float64Array(2 * p).fill(0.25);
  assert.deepEqual([...(readLink(writeLink({ ...VIEW, columns: all }).query, p).columns ?? [])], [...all]);
});

test("a flat picture is a method, and no frame is read for it", () => {
  const { query } = writeLink({ ...VIEW, layer: "dynamic-tsne-0badcafe", kind: "method", columns: null });
  const asked = new URLSearchParams(query);
  assert.deepEqual(
    [asked.get("method"), asked.get("layer"), asked.get("frame")],
    ["dynamic-tsne-0badcafe", null, null],
  );
  assert.deepEqual(readLink(`${query}&frame=AAAA`, null).unread, []);
});

test("a link has no character that chats or addresses change", () => {
  assert.match(writeLink(VIEW).query, /^[\w=&.%-]+$/);
});

test("an empty query is no view and no problem", () => {
  const nothing = { zoom: null, sight: null, kept: null, filters: [], groups: [], motion: null, unread: [] };
  const empty = { epoch: null, columns: null, hidden: [], color: null, images: false, ids: null, ...nothing };
  assert.deepEqual(readLink("", 10), empty);
  assert.deepEqual(readLink("?other=1", 10), empty);
});

for (const [search, key] of [
  ["epoch=", "epoch"],
  ["epoch=twelve", "epoch"],
  ["epoch=Infinity", "epoch"],
  ["epoch=NaN", "epoch"],
  ["frame=AAAA", "frame"],
  ["frame=%%%", "frame"],
  ["frame=", "frame"],
  ["hide=1.x", "hide"],
  ["hide=-1", "hide"],
  ["color=<script>", "color"],
  ["select=!!!", "select"],
]) {
  test(`${search} is told and left out`, () => {
    const { unread, ...rest } = readLink(search, 3);
    assert.deepEqual(unread, [key]);
    const nothing = { epoch: null, columns: null, hidden: [], color: null, images: false, ids: null };
    assert.deepEqual(rest, { ...nothing, zoom: null, sight: null, kept: null, filters: [], groups: [], motion: null });
  });
}

test("a frame that is not finite is told and left out", () => {
  const bytes = new Uint8Array(Float32Array.of(NaN, 0, 0, Infinity, 0, 0).buffer);
  const text = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  const { columns, unread } = readLink(`frame=${text}`, 3);
  assert.equal(columns, null);
  assert.equal(unread.length, 1);
});

test("ids come back sorted, whatever they are", () => {
  const lists = [[], [0], [127], [128], [0, 1, 2, 3], [2 ** 31, 2 ** 40 + 7, 5]];
  for (let k = 0; k < 50; k++) {
    lists.push([...new Set(Array.from({ length: 40 }, (_, i) => Math.floor(2 ** (40 * uniform(k, 1, i)))))]);
  }
  for (const ids of lists)
    assert.deepEqual(
      unpack(pack(ids)),
      ids.toSorted((a, b) => a - b),
    );
});

test("neighbouring ids take a byte each; a selection that is too long is left out and said", () => {
  assert.equal(pack(Array.from({ length: 1000 }, (_, i) => i)).length, 1000);
  const many = Array.from({ length: 10_000 }, (_, i) => i);
  const { query, selectionLeftOut } = writeLink({ ...VIEW, ids: many });
  assert.equal(selectionLeftOut, true);
  assert.equal(new URLSearchParams(query).get("select"), null);
  assert.ok(query.length < 6500);
  const kept = "0123456789abcdef0123456789abcdef";
  const named = new URLSearchParams();
  assert.equal(addSelection(named, many, kept), true);
  assert.deepEqual([readLink(`${named}`, 3).kept, readLink(`${named}`, 3).ids], [kept, null]);
  const whole = new URLSearchParams();
  assert.equal(addSelection(whole, VIEW.ids, kept), true);
  assert.equal(readLink(`${whole}`, 3).kept, null, "one that fits is in the link itself");
  assert.equal(readLink("kept=../etc", 3).unread.length, 1);
});

test("filters come back from a link, those of listed points too", () => {
  const query = new URLSearchParams("run=mnist");
  const many = new Set(Array.from({ length: 9000 }, (_, i) => i * 300));
  const few = new Set([3, 70000, 5]);
  const left = addFilters(
    query,
    [
      { how: "only", text: 'label:"sports car" predicted@40:dog', ids: null },
      { how: "without", text: "", ids: few },
      { how: "without", text: "", ids: many },
    ],
    () => null,
  );
  assert.deepEqual(left, [many]);
  const { filters, unread } = readLink(String(query), null);
  assert.deepEqual(unread, []);
  assert.deepEqual(filters, [
    { how: "only", text: 'label:"sports car" predicted@40:dog', ids: null, kept: null },
    { how: "without", text: "", ids: [3, 5, 70000], kept: null },
  ]);
  const name = "0123456789abcdef0123456789abcdef";
  const kept = new URLSearchParams();
  assert.deepEqual(addFilters(kept, [{ how: "only", text: "", ids: many }], () => name), []); // prettier-ignore
  assert.deepEqual(readLink(String(kept), null).filters, [{ how: "only", text: "", ids: null, kept: name }]);
  assert.equal(readLink("only=@%%25", null).unread.length, 1);
});

test("groups come back from a link, notes too; of many points the server keeps these", () => {
  const query = new URLSearchParams();
  const many = new Set(Array.from({ length: 9000 }, (_, i) => 3 * i));
  const some = new Set(Array.from({ length: 4000 }, (_, i) => 2 * i));
  const groups = [
    { name: "odd.ones é&=@", note: "two\nlines", color: 10, ids: new Set([9, 5]) },
    { name: "many", note: "", color: 0, ids: many },
    { name: "some", note: "", color: 1, ids: some },
    { name: "no room", note: "", color: 2, ids: new Set([...some].map((id) => id + 1)) },
  ];
  const digest = "0123456789abcdef".repeat(2);
  const left = addGroups(query, groups, (ids) => (ids === many ? digest : null));
  assert.deepEqual(left, [groups[3].ids], "what is neither short nor kept is left out, and said");
  assert.ok(String(query).length < 6200, `${String(query).length} characters`);
  const { groups: found, unread } = readLink(String(query), 3);
  assert.deepEqual(unread, []);
  assert.deepEqual(found.map(({ name, note, color, kept }) => [name, note, color, kept]), [
    ["odd.ones é&=@", "two\nlines", 10, null], ["many", "", 0, digest], ["some", "", 1, null],
  ]);
  assert.deepEqual(found.map(({ ids }) => ids?.length), [2, undefined, 4000]);
  for (const bad of ["", "0", "0.AQ", "x.AQ.name", "0..name", "0.@12.name", "0.A*.name", "0.AQ.\nnote"]) {
    const read = readLink(String(new URLSearchParams({ group: bad })), 3);
    assert.deepEqual([read.groups, read.unread.length], [[], 1], bad);
  }
}); // prettier-ignore

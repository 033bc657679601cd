// @ts-check
/** Where each selected point came from: its places in the layers before, or in the epochs before, as a trail. */

import { selectedIds } from "../state/selection.mjs";
import { el, part } from "../core/dom.mjs";
import { groupColors } from "./palette.mjs";
import { createTrails, drawn } from "./trails.mjs";

const MOST = 200; // trails; more would be one blot

/** @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view */
export function createPaths(stage, view) {
  const canvas = el("canvas", { class: "gt-trails", "aria-hidden": "true" });
  part(stage.root, "touch").before(canvas);
  const trails = createTrails(canvas);
  /** @type {"off"|"layers"|"epochs"} */
  let along = "off";
  /** @type {number[]} */
  let indices = [];
  /** @type {string[]} */
  let colors = [];
  let room = new Float32Array(0);

  /** Steps that lie behind, oldest first. @param {import("../stage/states.mjs").States} states @returns {[number, number][]} state, epoch */
  function steps({ position, note }) {
    if (along === "layers") {
      const at = Math.round(view.epoch);
      return note.states.map((_, s) => /** @type {[number, number]} */ ([s, at])).slice(0, Math.ceil(position));
    }
    const at = Math.round(position);
    return view.run.epochs.map((_, e) => /** @type {[number, number]} */ ([at, e])).slice(0, Math.ceil(view.epoch));
  }

  /** The trails as they are now; null for none. @returns {import("./trails.mjs").Paths|null} */
  function traced() {
    const { states, tensors, seen: matrix } = view;
    if (!states || along === "off" || !indices.length) return null;
    const count = indices.length;
    const wanted = steps(states);
    const stride = 2 * (wanted.length + 1);
    if (room.length !== count * stride) room = new Float32Array(count * stride);
    let length = 0;
    for (const [state, epoch] of wanted) {
      if (states.place(tensors, stage.split, epoch, state, matrix, indices, room, 2 * length, stride)) length++;
    }
    for (const [i, index] of indices.entries()) {
      room[i * stride + 2 * length] = stage.positions[2 * index];
      room[i * stride + 2 * length + 1] = stage.positions[2 * index + 1];
    }
    length++;
    return { positions: length * 2 === stride ? room : packed(room, count, stride, 2 * length), count, length, colors };
  }

  const paths = {
    get along() {
      return along;
    },
    /** @param {string} value */
    setAlong(value) {
      along = /** @type {"off"|"layers"|"epochs"} */ (value);
      paths.refresh();
      view.refresh();
    },

    refresh() {
      if (!view.ready) return;
      const { ids, labels, groups = labels } = stage.points;
      const chosen = selectedIds(view.run.run);
      indices = along === "off" ? [] : Array.from(ids.keys()).filter((i) => chosen.has(ids[i]));
      const every = Math.ceil(indices.length / MOST);
      if (every > 1) indices = indices.filter((_, i) => i % every === 0);
      const palette = groupColors(view.run);
      colors = indices.map((i) => palette[groups[i]]);
    },

    /** Why there is no trail to see, though one is asked for; empty where there is one. */
    get missing() {
      const { states } = view;
      if (along === "off" || !states) return "";
      if (!indices.length) return "Trails are of selected points: select some, by lasso or by a number in the legend";
      if (steps(states).length) return "";
      return along === "layers"
        ? "This is the first layer: there are none before it"
        : "This is the first picture in time: there is none before it";
    },

    ...drawn(stage, trails, traced),
  };
  return paths;
}

/** The first numbers of every row: steps that have not come yet leave room behind. @param {Float32Array} rows @param {number} count @param {number} stride @param {number} kept */
function packed(rows, count, stride, kept) {
  const out = new Float32Array(count * kept);
  for (let i = 0; i < count; i++) out.set(rows.subarray(i * stride, i * stride + kept), i * kept);
  return out;
}

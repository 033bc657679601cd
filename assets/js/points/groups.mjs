// @ts-check
/**
 * Groups of points that can be taken hold of by their middle: what is selected now, and groups that were pinned. A
 * pulled group takes the frame along, in one of three ways (see drag_points.mjs).
 */

import { select, selectedIds } from "../state/selection.mjs";
import { el, icon, part, toast } from "../core/dom.mjs";
import { classColors } from "./palette.mjs";
import { createPins } from "./pins.mjs";

const MOST = 12; // pins; more would cover the picture

/** @type {Record<string, string>} */
const WHEN = {
  rotate:
    "Turns everything together about the middle, as one would turn a globe: to bring a group to where it can be seen.",
  fit: "Moves the group and keeps all other points as much as a turn can: to pull a group out of a crowd.",
  spread: "The farther you pull, the more the picture shows how the group itself varies: to look inside a cluster.",
};

/**
 * @typedef {import("../stage/turning.mjs").Mode} Mode
 * @typedef {{name: string, ids: Set<number>, color: string}} Group
 */

/** Pins of each run, kept while other pages are open. @type {Map<string, Group[]>} */
const kept = new Map();

/**
 * @param {HTMLElement} page @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view
 */
export function createGroups(page, stage, view) {
  const layer = el("div", { class: "gt-pins", role: "group", "aria-label": "Groups of points" });
  part(stage.root, "handles").after(layer);
  const list = part(page, "pins");
  /** @type {Mode} */
  let mode = "rotate";
  /** @type {{group: Group, indices: number[]}[]} what has a handle now: the selection first */
  let held = [];
  let centres = new Float32Array(0);
  let live = false;
  let made = 0;

  const pins = createPins(layer, {
    start(i) {
      if (held[i].indices.length === stage.points.n)
        return toast("These are all points there are; select a part of them to pull", "error");
      if (view.pullPoints(mode, stage, held[i].indices)) return;
      toast(
        mode === "spread"
          ? "To be spread, a group needs at least two points that differ"
          : "These points cannot be pulled: their middle lies in the middle of the picture",
        "error",
      );
    },
    move: (_, dx, dy) => view.turning.pullTo([dx, dy]),
    end: () => view.turning.pullTo(null),
    hold: () => {},
    pick: (i) => select(view.run.run, held[i].group.ids),
    remove(i) {
      if (!live || i > 0) remove(held[i].group);
    },
  });

  /** The pins of the run. */
  const own = () => kept.get(view.run.run) ?? [];

  /** @param {Group} group */
  function remove(group) {
    kept.set(
      view.run.run,
      own().filter((one) => one !== group),
    );
    groups.refresh();
    view.refresh();
  }

  function showList() {
    const rows = own().map((group) => {
      const count = held.find((one) => one.group === group)?.indices.length ?? 0;
      const name = el("input", {
        type: "text",
        class: "gt-pin-name",
        value: group.name,
        maxLength: 24,
        "aria-label": "Name of the pin",
      });
      name.addEventListener("change", () => {
        group.name = name.value.trim() || group.name;
        groups.refresh();
      });
      const button = (/** @type {string} */ what, /** @type {string} */ label, /** @type {() => void} */ act) =>
        el(
          "button",
          { type: "button", class: "btn btn-sm gt-button", title: label, "aria-label": label, onclick: act },
          icon(what),
        );
      return el(
        "li", { style: `--gt-color:${group.color}` }, el("span", { class: "gt-pin-mark" }), name, el("span", { class: "gt-pin-count" }, String(count)),
        button("bounding-box", `Select ${group.name}`, () => select(view.run.run, group.ids)),
        button("x-lg", `Remove ${group.name}`, () => remove(group)),
      ); // prettier-ignore
    });
    list.replaceChildren(...rows);
  }

  const groups = {
    /** Bring the handles up to date with selection and pins. */
    refresh() {
      if (!view.ready) return;
      const { ids } = stage.points;
      const at = new Map(Array.from(ids, (id, i) => [id, i]));
      const find = (/** @type {Group} */ group) => ({
        group,
        indices: [...group.ids].map((id) => at.get(id) ?? -1).filter((i) => i >= 0),
      });
      const chosen = find({
        name: "Selection",
        ids: new Set(selectedIds(view.run.run)),
        color: "var(--bs-body-color)",
      });
      live = chosen.indices.length > 0;
      const pinned = own().some(
        ({ ids: set }) => set.size === chosen.group.ids.size && [...set].every((id) => chosen.group.ids.has(id)),
      );
      live &&= !pinned; // one handle is enough
      held = [...(live ? [chosen] : []), ...own().map(find)].filter((one) => one.indices.length);
      centres = new Float32Array(2 * held.length);
      pins.set(
        held.map(({ group, indices }, i) => ({
          name: group.name,
          count: indices.length,
          color: group.color,
          live: live && i === 0,
        })),
      );
      for (const button of page.querySelectorAll('[data-gt-action="pin"]')) {
        /** @type {HTMLButtonElement} */ (button).disabled = !live;
      }
      showList();
    },

    /** Another run is shown. */
    shown() {
      made = own().length;
      groups.refresh();
      groups.setMode(mode);
    },

    /** Keep the selection as a pin. */
    pin() {
      if (!live) return toast("Select points first: by lasso, or a number in the legend", "error");
      if (own().length >= MOST) return toast(`There can be ${MOST} pins; remove one first`, "error");
      const { run } = view;
      const { labels } = stage.points;
      const classes = new Set(held[0].indices.map((i) => labels[i]));
      const [only] = classes;
      const name = classes.size === 1 ? run.classes[only] : `Group ${++made}`;
      const color = classes.size === 1 ? classColors(run.classes.length)[only] : "var(--gt-accent)";
      kept.set(run.run, [...own(), { name, ids: new Set(held[0].group.ids), color }]);
      groups.refresh();
      view.refresh();
    },

    /** @param {string} value */
    setMode(value) {
      mode = /** @type {Mode} */ (value);
      part(page, "drag-text").textContent = WHEN[mode];
    },

    /** @param {import("../stage/stage.mjs").Stage} at */
    draw({ positions, viewport }) {
      if (!viewport) return;
      held.forEach(({ indices }, g) => {
        let x = 0;
        let y = 0;
        for (const i of indices) {
          x += positions[2 * i];
          y += positions[2 * i + 1];
        }
        centres[2 * g] = x / indices.length;
        centres[2 * g + 1] = y / indices.length;
      });
      pins.draw(viewport, centres);
    },

    leave: () => layer.remove(),
  };
  return groups;
}

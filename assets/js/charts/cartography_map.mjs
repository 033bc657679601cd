// @ts-check
/** The map of a training's examples: variability across, confidence up, coloured by how often each was right; and its key, whose entries select. */

import { binOf, binsOf, mapPositions } from "../data/cartography.mjs";
import { count, el } from "../core/dom.mjs";
import { onPointed } from "../core/pointed.mjs";
import { paintPoints } from "../points/paint.mjs";
import { RIGHTNESS } from "../points/palette.mjs";
import { isJust } from "../state/selection.mjs";
import { createLinkedScatter } from "./linked_scatter.mjs";

const [LARGE, SMALL] = [5, 3]; // of a point, CSS px
const MANY = 5000; // points, from here on they are small
const ROOM = 0.02; // of an axis beyond its ends: points there are whole

/** @typedef {import("../data/cartography.mjs").Examples} Examples */

/**
 * @param {{box: HTMLElement, touch: HTMLElement, ring: HTMLElement, key: HTMLElement}} parts
 * @param {any} Plotly
 * @param {object} given
 * @param {() => import("../points/gestures.mjs").Tool} given.tool
 * @param {(index: number, x: number, y: number) => void} given.hover
 * @param {(ids: number[], how: import("../points/gestures.mjs").How) => void} given.pick
 * @param {() => void} given.changed it is to be drawn anew
 */
export function createCartographyMap(parts, Plotly, { tool, hover, pick, changed }) {
  /** @type {{examples: Examples, bins: Uint16Array, columns: Float64Array, members: number[][]}|null} */
  let shown = null;
  /** @type {number|null} */
  let preview = null;
  const scatter = createLinkedScatter(parts, Plotly, { visible: () => true, tool, hover, pick });

  /** @param {number} epochs @param {string} unit */
  function fillKey(epochs, unit) {
    const { members } = /** @type {NonNullable<typeof shown>} */ (shown);
    const entries = binsOf(epochs, unit).map(({ name, share }, bin) => {
      const color = RIGHTNESS[Math.round(share * (RIGHTNESS.length - 1))];
      const button = el(
        "button",
        {
          type: "button",
          class: "gt-chip gt-labels-bin",
          "aria-pressed": "false",
          title: `Select the examples that were ${bin ? `right ${name}` : name} (Shift adds, Alt subtracts)`,
          disabled: !members[bin].length,
        },
        el("span", { class: "gt-swatch", style: `--gt-color:${color}` }),
        `${name}: ${count(members[bin].length)}`,
      );
      button.addEventListener("click", (event) => pick(members[bin], event.shiftKey ? "add" : event.altKey ? "subtract" : "new")); // prettier-ignore
      const show = (/** @type {number|null} */ now) => {
        preview = now;
        changed();
      };
      onPointed(
        button,
        () => show(bin),
        () => show(null),
      );
      button.addEventListener("focus", () => button.matches(":focus-visible") && show(bin));
      button.addEventListener("blur", () => show(null));
      return button;
    });
    parts.key.replaceChildren(...entries);
  }

  return {
    /** @param {Examples} examples @param {number} epochs how many count @param {string} unit @param {() => boolean} wanted */
    async show(examples, epochs, unit, wanted) {
      const { n, ids, places, values } = examples;
      const bins = Uint16Array.from(values.right, (right) => binOf(right, epochs));
      const columns = Float64Array.from(values.right, (right) => right / epochs);
      /** @type {number[][]} */
      const members = binsOf(epochs, unit).map(() => []);
      for (let i = 0; i < n; i++) members[bins[i]].push(ids[i]);
      [shown, preview] = [{ examples, bins, columns, members }, null];
      fillKey(epochs, unit);
      const wide = Math.max(0.1, values.variability.reduce((a, b) => Math.max(a, b), 0)); // prettier-ignore
      const across = /** @type {[number, number]} */ ([-ROOM * wide, wide * (1 + ROOM)]);
      const up = /** @type {[number, number]} */ ([-ROOM, 1 + ROOM]);
      const size = n > MANY ? SMALL : LARGE;
      return scatter.open({ ids, places, positions: mapPositions(examples), across, up, size }, wanted);
    },

    /** @param {ReadonlySet<number>} chosen */
    draw(chosen) {
      if (!shown || scatter.way === null) return;
      const { examples: { n, ids, labels }, bins, columns, members } = shown; // prettier-ignore
      const points = /** @type {any} */ ({ n, ids, labels, groups: bins, columns });
      const painted = paintPoints(points, {
        colorBy: "right", said: null, k: members.length, hidden: new Set(), preview, chosen,
      }); // prettier-ignore
      scatter.draw(painted);
      [...parts.key.children].forEach((button, bin) =>
        button.setAttribute("aria-pressed", String(isJust(chosen, members[bin]))),
      );
    },

    mark: scatter.mark,
    picture: scatter.picture,
    dispose: scatter.dispose,
    /** How its points are drawn; null while none are. */
    get way() {
      return scatter.way;
    },
  };
}

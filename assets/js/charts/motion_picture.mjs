// @ts-check
/** The picture of one transition: its points, the gestures over them, and a ring around one that is marked. */

import { part } from "../core/dom.mjs";
import { createGestures } from "../points/gestures.mjs";
import { attach } from "../gl/scene.mjs";
import { toLeft, toTop, viewport } from "../points/viewport.mjs";
import { axisRange } from "./motion.mjs";

const DOT = 5; // CSS px

/**
 * @param {HTMLElement} root of the page
 * @param {any} Plotly
 * @param {object} given
 * @param {(label: number) => boolean} given.hidden whether a class is
 * @param {() => import("../points/gestures.mjs").Tool} given.tool
 * @param {(id: number|null) => void} given.hover
 * @param {(ids: number[], how: import("../points/gestures.mjs").How) => void} given.pick
 */
export function createMotionPicture(root, Plotly, { hidden, tool, hover, pick }) {
  const box = part(root, "transition");
  const ring = part(root, "ring");
  /** @type {import("./motion.mjs").Moved|null} */
  let moved = null;
  /** @type {import("../gl/scene.mjs").Scene|null} */
  let scene = null;
  let listening = false;

  const graph = () => /** @type {any} */ (box.querySelector(".js-plotly-plot"));
  const visible = (/** @type {number} */ i) => moved !== null && !hidden(moved.points.labels[i]);

  function listen() {
    listening = true;
    createGestures(part(root, "touch"), {
      picture() {
        const view = moved && viewport(graph());
        return moved && view ? { view, positions: moved.positions, visible } : null;
      },
      tool,
      how: () => "new",
      wheel: false,
      hover: (index) => hover(index < 0 || !moved ? null : moved.points.ids[index]),
      pick(indices, how) {
        const ids = indices.map((i) => (moved ? moved.points.ids[i] : 0));
        if (how === "new" || ids.length) pick(ids, how);
      },
      zoom() {},
      pan() {},
    });
  }

  return {
    /** @param {import("./motion.mjs").Moved} now @param {() => boolean} wanted still, for it takes a while @returns {Promise<boolean>} whether it is there */
    async open(now, wanted) {
      moved = now;
      box.hidden = false;
      if (!listening) listen();
      const gd = graph();
      gd.data[0].visible = true;
      gd.layout.xaxis.range = axisRange(now.data);
      gd.layout.yaxis.range = axisRange(now.screen);
      await Plotly.Plots.resize(gd); // it was hidden until now
      const attached = await attach(gd, Plotly, [{ trace: 0, n: now.points.n, xy: now.positions }]);
      if (!wanted()) return false;
      scene = attached;
      scene.setSize(0, DOT);
      return true;
    },

    /** Draw what is open. @param {ReturnType<typeof import("../points/paint.mjs").paintPoints>} painted */
    draw({ palette, ids, order }) {
      if (!scene || !moved) return;
      scene.setColors(0, palette, ids);
      scene.setOrder(0, order);
      scene.draw([moved.positions], { force: true });
    },

    /** @param {number|null} id of the point that has the ring */
    mark(id) {
      const i = id === null ? undefined : moved?.places.get(id);
      const view = i === undefined ? null : viewport(graph());
      ring.hidden = !view;
      if (!view || !moved || i === undefined) return;
      const [x, y] = [moved.positions[2 * i], moved.positions[2 * i + 1]];
      ring.style.transform = `translate(${toLeft(view, x)}px,${toTop(view, y)}px)`;
    },

    close() {
      moved = null;
      box.hidden = true;
      ring.hidden = true;
    },

    dispose() {
      scene?.detach({ release: true });
      scene = null;
    },

    /** How its points are drawn; null while none are. */
    get way() {
      return scene?.way ?? null;
    },
  };
}

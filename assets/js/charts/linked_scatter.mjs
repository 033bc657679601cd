// @ts-check
/** A scatter between two axes: its points, the gestures over them, and a ring around one that is marked. */

import { createGestures } from "../points/gestures.mjs";
import { attachPoints } from "../points/drawing.mjs";
import { groundNow, onGround, onOtherGround } from "../points/ground.mjs";
import { toLeft, toTop, viewport } from "../points/viewport.mjs";

/**
 * @typedef {object} Shown
 * @property {ArrayLike<number>} ids (n,)
 * @property {ReadonlyMap<number, number>} places of the points by their ids
 * @property {Float32Array} positions (n, 2)
 * @property {[number, number]} across from where to where the axis goes @property {[number, number]} up
 * @property {number} size of a point in CSS px
 */

/**
 * @param {object} parts
 * @param {HTMLElement} parts.box holds the graph @param {HTMLElement} parts.touch over it @param {HTMLElement} parts.ring
 * @param {any} Plotly
 * @param {object} given
 * @param {(i: number) => boolean} given.visible
 * @param {() => import("../points/gestures.mjs").Tool} given.tool
 * @param {(index: number, x: number, y: number) => void} given.hover index -1 for none; px from the left and the top
 * @param {(ids: number[], how: import("../points/gestures.mjs").How) => void} given.pick
 */
export function createLinkedScatter({ box, touch, ring }, Plotly, { visible, tool, hover, pick }) {
  /** @type {Shown|null} */
  let shown = null;
  /** @type {import("../points/drawing.mjs").Scene|null} */
  let scene = null;
  /** what was drawn last @type {ReturnType<typeof import("../points/paint.mjs").paintPoints>|null} */
  let last = null;
  let listening = false;
  /** where the points are on the screen, in px from the left and from below: the two axes have units of their own */
  let places = new Float32Array(0);
  /** the viewport that these are of @type {string} */
  let placed = "";

  const graph = () => /** @type {any} */ (box.querySelector(".js-plotly-plot"));

  /** The points as gestures want them, in px. @returns {import("../points/hits.mjs").Picture|null} */
  function picture() {
    const view = shown && viewport(graph());
    if (!shown || !view) return null;
    const { width, height } = graph().getBoundingClientRect();
    const now = JSON.stringify(view);
    if (placed !== now) {
      placed = now;
      const { positions } = shown;
      places = new Float32Array(positions.length);
      for (let i = 0; i < positions.length; i += 2) {
        places[i] = toLeft(view, positions[i]);
        places[i + 1] = height - toTop(view, positions[i + 1]);
      }
    }
    const px = { left: 0, top: 0, width, height, x0: 0, x1: width, y0: 0, y1: height, kx: 1, ky: 1 };
    return { view: px, positions: places, visible };
  }

  function listen() {
    listening = true;
    createGestures(touch, {
      picture,
      tool,
      how: () => "new",
      wheel: false,
      hover,
      pick(indices, how) {
        const ids = indices.map((i) => (shown ? shown.ids[i] : 0));
        if (how === "new" || ids.length) pick(ids, how);
      },
      zoom() {},
      pan() {},
    });
  }

  const scatter = {
    /** @param {Shown} now @param {() => boolean} wanted still, for it takes a while @returns {Promise<boolean>} whether it is there */
    async open(now, wanted) {
      [shown, placed, last, scene] = [now, "", null, null]; // that of other points takes none of these
      box.hidden = false;
      if (!listening) listen();
      const gd = graph();
      gd.layout.xaxis.range = now.across;
      gd.layout.yaxis.range = now.up;
      await Plotly.Plots.resize(gd); // it was hidden until now
      const attached = await attachPoints(gd, Plotly, now.ids.length, now.positions);
      if (!wanted()) return false;
      scene = attached;
      scene.setSize(0, now.size);
      return true;
    },

    /** Draw what is open. @param {ReturnType<typeof import("../points/paint.mjs").paintPoints>} painted */
    draw(painted) {
      if (!scene || !shown) return;
      last = painted;
      scene.setColors(0, onGround(painted.palette, groundNow()), painted.ids);
      scene.setOrder(0, painted.order);
      scene.draw([shown.positions], { force: true });
    },

    /** @param {number|null} id of the point that has the ring */
    mark(id) {
      const i = id === null ? undefined : shown?.places.get(id);
      const view = i === undefined ? null : viewport(graph());
      ring.hidden = !view;
      if (!view || !shown || i === undefined) return;
      const [x, y] = [shown.positions[2 * i], shown.positions[2 * i + 1]];
      ring.style.transform = `translate(${toLeft(view, x)}px,${toTop(view, y)}px)`;
    },

    close() {
      shown = last = null;
      box.hidden = true;
      ring.hidden = true;
    },

    dispose() {
      themed();
      scene?.detach({ release: true });
      scene = null;
    },

    /** Where the points are, for tests. */
    picture,

    /** How its points are drawn; null while none are. */
    get way() {
      return scene?.way ?? null;
    },
  };
  const themed = onOtherGround(() => last && scatter.draw(last));
  return scatter;
}

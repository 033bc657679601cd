// @ts-check
/**
 * A stage: one animated picture of the points of one split, always the same or whichever there is. It knows how to show positions, colours,
 * images and handles; when and what is decided by the tour view that owns it.
 */

import { projectSlice } from "../tour/project.mjs";
import { createGestures } from "../points/gestures.mjs";
import { createHandles } from "../points/handles.mjs";
import { attach } from "../gl/scene.mjs";
import { createSprites } from "../gl/sprites.mjs";
import { toLeft, toTop, viewport } from "../points/viewport.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Loaded} Loaded
 * @typedef {object} Points
 * @property {number} n
 * @property {Int32Array|Float64Array} ids
 * @property {Uint16Array} labels true classes
 * @property {Uint16Array} [groups] in the legend: classes, but attacked points are a group of their own, behind all classes
 */

/** @param {number} n @returns {number} diameter of a dot in CSS px: smaller where there are many */
export const dotSize = (n) => (n <= 2500 ? 5 : n <= 20000 ? 3.5 : 2.5);

/**
 * @param {HTMLElement} root carries `data-gt-stage`; its parts carry `data-gt-part`
 * @param {any} gd plotly's graph div inside it
 * @param {any} Plotly
 * @param {string} split whose points it shows; "any" for those of the only split that there is
 */
export function createStage(root, gd, Plotly, split) {
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (root.querySelector(`[data-gt-part="${name}"]`));
  const canvas = /** @type {HTMLCanvasElement} */ (part("images"));
  /** @type {import("../gl/scene.mjs").Scene|null} */
  let scene = null;
  /** @type {ReturnType<typeof createHandles>|null} */
  let handles = null;
  /** @type {ReturnType<typeof createGestures>|null} */
  let gestures = null;
  /** @type {ReturnType<typeof createSprites>|null} */
  let sprites = null;
  /** @type {Points} */
  let points = { n: 0, ids: new Int32Array(0), labels: new Uint16Array(0) };
  let positions = new Float32Array(0);
  /** what a second state adds to them */
  let part2 = new Float32Array(0);
  /** @type {Uint8Array} */
  let palette = new Uint8Array(0);
  /** @type {Uint8Array} */
  let colorIds = new Uint8Array(0);
  /** @type {Uint8Array} what is drawn of each point: 0 hidden, else shown */
  let shown = new Uint8Array(0);
  /** @type {Uint32Array} what is drawn, the last on top */
  let drawn = new Uint32Array(0);
  let imagesOn = false;
  let attaching = false;
  let disposed = false;
  let spritesDirty = true;

  /** The axes' ranges around a point, equally scaled; null while there is no picture. @param {number} x @param {number} y @param {number} reach */
  function rangesAround(x, y, reach) {
    const view = viewport(gd);
    if (!view) return null;
    const half = reach / Math.min(1, view.width / view.height);
    const wide = (half * view.width) / view.height;
    return [
      [x - wide, x + wide],
      [y - half, y + half],
    ];
  }

  const stage = {
    name: root.dataset.gtStage ?? "",
    /** Whose points it shows now; `splitOf` tells it before they are shown. */
    split,
    /** @param {import("../data/tensors.mjs").Announcement} run */
    splitOf: (run) => (split === "any" ? Object.keys(run.splits)[0] : split),
    root,
    gd,
    get points() {
      return points;
    },
    get positions() {
      return positions;
    },
    get scene() {
      return scene;
    },
    get dragging() {
      return handles?.dragging ?? false;
    },
    get viewport() {
      return viewport(gd);
    },

    /**
     * Show other points.
     *
     * @param {Points} now
     * @param {string[]} names of the handles @param {string[]} colors of the handles
     * @param {import("../points/handles.mjs").HandleEvents} events
     * @param {number} reach of the axes around the origin
     * @returns {Promise<boolean>} whether the axes reach that far already; else `frameOn` is to be called
     */
    async load(now, names, colors, events, reach) {
      stage.setImages(null);
      points = now;
      positions = new Float32Array(2 * now.n);
      colorIds = new Uint8Array(now.n);
      shown = new Uint8Array(now.n).fill(1);
      palette = new Uint8Array(0); // the old one's ids and order are of other points
      handles = createHandles(part("handles"), names, colors, events);
      const ranges = rangesAround(0, 0, reach);
      if (ranges) {
        gd.layout.xaxis.range = ranges[0]; // plotly draws once for these and the points
        gd.layout.yaxis.range = ranges[1];
      }
      await stage.attach();
      return ranges !== null;
    },

    /** Take over the figure plotly has drawn, again if it was replaced. */
    async attach() {
      if (attaching || disposed) return;
      attaching = true;
      gd.data[0].visible = true; // hidden in the figure: plotly's first draw then needs no WebGL
      try {
        scene = await attach(gd, Plotly, [{ trace: 0, n: points.n, xy: positions }]);
        scene.setSize(0, dotSize(points.n));
        if (palette.length) {
          scene.setColors(0, palette, colorIds);
          scene.setOrder(0, imagesOn ? [] : drawn);
        }
      } finally {
        attaching = false;
      }
    },

    /** @param {import("../points/gestures.mjs").GestureEvents} events */
    listen(events) {
      gestures = createGestures(part("touch"), events);
    },
    cancelGesture: () => gestures?.cancel() ?? false,

    /**
     * Put the points where a tour matrix shows them, between two slices.
     *
     * @param {Float64Array} matrix (p, p) @param {number} p @param {number} unit data units per plot unit
     * @param {Loaded} a @param {Loaded} b @param {number} t from a (0) to b (1)
     */
    project(matrix, p, unit, a, b, t) {
      projectSlice(
        positions, matrix, p, points.n,
        a.values, a.scale / unit, a.offset / unit, b.values, b.scale / unit, b.offset / unit, t,
      ); // prettier-ignore
    },

    /**
     * Put the points where a network's states show them: a weighted sum of one projection a state.
     *
     * @param {import("./states.mjs").Corner[]} corners @param {number} p
     */
    projectStates(corners, p) {
      corners.forEach(({ matrix, weight, a, b, t }, i) => {
        if (i && part2.length !== positions.length) part2 = new Float32Array(positions.length);
        projectSlice(
          i ? part2 : positions, matrix, p, points.n,
          a.values, weight * a.scale, weight * a.offset, b.values, weight * b.scale, weight * b.offset, t,
        ); // prettier-ignore
        if (i) for (let j = 0; j < positions.length; j++) positions[j] += part2[j];
      });
    },

    /**
     * @param {Uint8Array} colors RGBA entries
     * @param {Uint8Array} ids one entry a point
     * @param {Uint8Array} visible 0 where a point is hidden
     * @param {Uint32Array} order indices of what to draw, the last on top
     */
    paint(colors, ids, visible, order) {
      palette = colors;
      colorIds = ids;
      shown = visible;
      drawn = order;
      spritesDirty = true;
      scene?.setColors(0, colors, ids);
      scene?.setOrder(0, imagesOn ? [] : order);
    },

    /** @param {number} i */
    visible: (i) => shown[i] !== 0,

    /**
     * Draw points as their images, or as dots again.
     *
     * @param {{images: Uint8Array, h: number, w: number, c: number}|null} images
     */
    setImages(images) {
      sprites?.dispose();
      sprites = null;
      imagesOn = images !== null;
      canvas.hidden = !imagesOn;
      if (images) sprites = createSprites(canvas, { ...images, n: points.n });
      spritesDirty = true;
    },
    /** The same points as other images, where they are drawn as images. @param {Uint8Array} images (n, h, w, c) */
    changeImages(images) {
      sprites?.setImages(images);
    },
    get imagesOn() {
      return imagesOn;
    },

    /**
     * Draw one frame.
     *
     * @param {Float64Array} matrix (p, p)
     * @param {number} imageSize CSS px
     * @param {number} p
     */
    draw(matrix, imageSize, p) {
      if (!scene) return;
      if (scene.stale()) {
        if (!scene.lost) stage.attach();
        return;
      }
      scene.draw([positions]);
      const view = viewport(gd);
      if (!view) return;
      handles?.draw(matrix, view, p);
      if (sprites) {
        if (spritesDirty) {
          sprites.setColors(palette, colorIds);
          sprites.setOrder(drawn);
        }
        spritesDirty = false;
        sprites.draw(positions, view, imageSize);
      }
    },

    /** @param {number} share 0 to 1 */
    fadeHandles(share) {
      handles?.fade(share);
    },

    /** Mark handles of hidden classes. @param {(c: number) => boolean} hidden */
    dimHandles(hidden) {
      handles?.dim(hidden);
    },

    /** Mark a point, as looked at. @param {number} index -1 for none */
    ring(index) {
      const view = viewport(gd);
      const mark = part("ring");
      mark.hidden = index < 0;
      if (index < 0 || !view) return;
      const [left, top] = [toLeft(view, positions[2 * index]), toTop(view, positions[2 * index + 1])];
      mark.style.transform = `translate(${left}px,${top}px)`;
    },

    /** Whether the axes' ranges still have the aspect of the plot. */
    askew() {
      const view = viewport(gd);
      return view !== null && Math.abs(view.kx / view.ky - 1) > 0.005;
    },

    /**
     * Show a square of the plot, or what of the surroundings fits beside it.
     *
     * @param {number} x centre @param {number} y centre @param {number} reach from there to the edge
     */
    frameOn(x, y, reach) {
      const ranges = rangesAround(x, y, reach);
      return ranges && Plotly.relayout(gd, { "xaxis.range": ranges[0], "yaxis.range": ranges[1] });
    },

    dispose() {
      disposed = true;
      sprites?.dispose();
      scene?.detach({ release: true });
      scene = null;
    },
  };
  return stage;
}

/** @typedef {ReturnType<typeof createStage>} Stage */

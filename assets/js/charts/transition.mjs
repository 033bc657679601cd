// @ts-check
/**
 * One transition, point by point: how far each moved in the data (to the right) and on the screen (up).
 * Linked like every other picture: it shows the selection, and a lasso or box in it selects.
 */

import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { part } from "../core/dom.mjs";
import { createLoop } from "../core/loop.mjs";
import { classColors } from "../points/palette.mjs";
import { paintPoints } from "../points/paint.mjs";
import { register, unregister } from "../core/registry.mjs";
import { motionText, movers, readMoved } from "./motion.mjs";
import { createMotionPicture } from "./motion_picture.mjs";
import { moversTable } from "./movers_table.mjs";

const LISTED = 12; // points in the table

/**
 * @typedef {import("./motion.mjs").Motion} Motion
 * @typedef {object} Around what the page knows
 * @property {() => ReadonlySet<number>} hidden
 * @property {() => string[]} classes
 * @property {() => string} run
 * @property {() => string} clock what its epochs are called
 * @property {(id: number|null) => void} mark a point in all other pictures
 * @property {() => import("../points/gestures.mjs").Tool} tool
 */

/** @param {HTMLElement} root @param {any} Plotly @param {Around} around */
export function createTransition(root, Plotly, around) {
  const loop = createLoop(root, () => {
    draw();
    return false;
  });
  /** @type {{motion: Motion, moved: import("./motion.mjs").Moved}|null} */
  let shown = null;
  let generation = 0;
  let sort = /** @type {import("./motion.mjs").Side} */ ("screen");

  const picture = createMotionPicture(root, Plotly, {
    hidden: (label) => around.hidden().has(label),
    tool: around.tool,
    hover: markEverywhere,
    pick: (ids, how) => select(around.run(), ids, how),
  });
  const endSelection = onSelection(() => loop.wake());

  function inspect() {
    if (!shown) throw new Error("inspect: no transition is open");
    const { motion, moved: { points, positions } } = shown; // prettier-ignore
    const chosen = selectedIds(around.run());
    const ids = Array.from(points.ids);
    return {
      run: motion.run, title: motion.title, epochs: motion.epochs, fitted: motion.fitted,
      n: points.n, ids, positions: positions.slice(), selected: ids.filter((id) => chosen.has(id)),
      frame: loop.stats(), way: picture.way ?? "none",
    }; // prettier-ignore
  }

  function draw() {
    if (picture.way === null || !shown) return;
    const painted = paintPoints(shown.moved.points, {
      colorBy: "label", said: null, k: around.classes().length,
      hidden: around.hidden(), preview: null, chosen: selectedIds(around.run()),
    }); // prettier-ignore
    picture.draw(painted);
    list();
  }

  /** The points that moved most, each a row that selects it. */
  function list() {
    if (!shown) return;
    const { moved } = shown;
    const classes = around.classes();
    const look = { sort, chosen: selectedIds(around.run()), classes, colors: classColors(classes.length) };
    const table = moversTable(moved, movers(moved, sort, LISTED), look, {
      sortBy(side) {
        sort = side;
        list();
      },
      pick: (id, too) => select(around.run(), [id], too ? "add" : "new"),
      mark: markEverywhere,
    });
    part(root, "movers").replaceChildren(table);
  }

  /** Here and in all other pictures. @param {number|null} id */
  function markEverywhere(id) {
    picture.mark(id);
    around.mark(id);
  }

  return {
    /** @param {Motion} motion @param {string} base */
    async show(motion, base) {
      const mine = ++generation;
      const tensors = [motion.ids, motion.labels, motion.data, motion.screen];
      const moved = readMoved(await Promise.all(tensors.map((tensor) => fetchTensor(tensor, base))));
      if (mine !== generation) return;
      shown = { motion, moved };
      register("compare-transition", inspect);
      const [from, to] = motion.epochs;
      part(root, "transition-title").textContent = `${motion.title}, ${around.clock()} ${from} → ${to}`;
      part(root, "transition-text").textContent = motionText(motion, moved.points.n);
      if (await picture.open(moved, () => mine === generation)) draw();
    },
    /** Nothing is open: another run has come. */
    clear() {
      generation++;
      shown = null;
      picture.close();
      part(root, "movers").replaceChildren();
    },
    paint: () => loop.wake(),
    mark: picture.mark,
    dispose() {
      generation++;
      endSelection();
      loop.stop();
      unregister("compare-transition");
      picture.dispose();
    },
  };
}

/** @param {import("../data/tensors.mjs").Tensor} tensor @param {string} base @returns {Promise<ArrayBuffer>} */
async function fetchTensor(tensor, base) {
  const answer = await fetch(base + tensor.url);
  if (!answer.ok) throw new Error(`${tensor.url}: the server answered ${answer.status}; click the point again`);
  return answer.arrayBuffer();
}

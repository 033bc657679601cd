// @ts-check
/**
 * A tour view: one tour matrix and one clock of epochs, shown on one stage or several side by side. A
 * picture that is flat already (an announcement without axes) has the identity for its matrix, no
 * handles, and nothing that turns it does anything. A network whose states are aligned has a second clock, of
 * states (see states.mjs), and is otherwise like any other.
 *
 * It owns the animation loop and everything that moves; the page around it hears of changes through
 * `changed` and asks for what it wants through the methods. Nothing here goes through Dash.
 *
 * Longer than our files are: what moves together (epoch, frame, zoom, colours) is one state, and the frame
 * that reads it must not allocate; the mathematics, the drawing and the gestures are elsewhere.
 */

import { completeFrame, identity, randomFrame, starFrame } from "../tour/frame.mjs";
import { dragHandle } from "../tour/drag.mjs";
import { createGeodesic } from "../tour/geodesic.mjs";
import { createDrag } from "../tour/drag_points.mjs";
import { createGrandTour } from "../tour/grand_tour.mjs";
import { predict } from "../data/predictions.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { createLoop, whenLeft } from "../core/loop.mjs";
import { classColors } from "../points/palette.mjs";
import { paintPoints } from "../points/paint.mjs";
import { register, unregister } from "../core/registry.mjs";
import { createStates } from "./states.mjs";
import { FLAT, LAYERS, home } from "../points/viewport.mjs";

const HELD = 0.12; // of the tour's speed while a handle is hovered, so that it can be caught
const REMEMBERED = 100; // views to go back to
const STEP_SECONDS = 0.35; // from one epoch to the next by key
const GLIDE_SECONDS = 1.1; // to the epoch of a named view
const TURN_SECONDS = 0.8; // per radian of a turn to another view
const LONGEST_TURN = 1.6; // seconds
const LARGEST = 60; // times magnified
const FOLLOWED = 16; // times magnified at most without being asked
const FILLED = [0.7, 1]; // of the picture by nearly all points, where it follows them
const NEARLY_ALL = 2; // root mean squares from the middle
const OFF_MIDDLE = 0.2; // of the picture's half, that their middle may be off its middle
const FOLLOW_SECONDS = 0.35; // in which it does two thirds of what is to be done

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("./stage.mjs").Stage} Stage
 * @typedef {"label"|"prediction"|"verdict"|"confidence"} ColorBy
 * @typedef {"epoch"|"state"|"motion"|"colors"|"view"|"zoom"|"loading"|"said"|"error"} Change
 */

/**
 * @param {object} given
 * @param {HTMLElement} given.root the loop lives while it is in the document
 * @param {Stage[]} given.stages
 * @param {number} given.seed of the tour
 * @param {boolean} given.still nothing moves until asked, and changes of view are immediate
 * @param {(what: Change, detail?: unknown) => void} given.changed
 * @param {(stage: Stage, index: number, x: number, y: number) => void} [given.hovered]
 * @param {(stage: Stage) => void} [given.drawn] after each picture, for what is drawn above it
 * @param {(stage: Stage) => object} [given.told] what others know of a stage, for `inspect`
 */
export function createTourView({
  root,
  stages: every,
  seed,
  still,
  changed,
  hovered = () => {},
  drawn = () => {},
  told = () => ({}),
}) {
  const loop = createLoop(root, frame);
  /** @type {ReturnType<typeof import("../data/tensors.mjs").openTensors>} */
  let tensors;
  /** @type {Announcement} */
  let run;
  /** @type {ReturnType<typeof createGrandTour>} */
  let tour;
  /** those that the run has points for @type {Stage[]} */
  let stages = every;
  /** the layers of an aligned network; null for any other picture @type {import("./states.mjs").States|null} */
  let states = null;
  /** points that the reader pulls @type {ReturnType<typeof createDrag>} */
  let pull = null;
  let ready = false;
  let generation = 0;
  /** what waits for the first picture of a run: the bytes that it does not need @type {(() => void)|null} */
  let afterPicture = null;

  let epoch = 0; // an index into run.epochs; fractions lie between two of them
  let epochRate = 3; // epochs a second
  let playing = false;
  let touring = false;
  let speed = 1;
  let holds = 0;
  let dirty = true;
  let waiting = false;
  /** @type {{from: number, to: number, u: number, seconds: number}|null} */
  let glide = null;
  /** @type {{path: ReturnType<typeof createGeodesic>, u: number, seconds: number}|null} */
  let turn = null;
  /** @type {Float64Array[]} */
  let past = [];
  /** @type {Float64Array[]} */
  let future = [];
  const zoom = { x: 0, y: 0, k: 1, dirty: true };
  /** whether the picture of a network's states, which differ in size, is magnified to keep its points in sight */
  let following = false;
  /** whether it is on its way to their middle */
  let centring = false;
  /** whether the scale of the picture is to stay, whatever its size */
  let held = false;
  /** how often the reader has taken the frame in hand: who turns it for him goes on only as long as he does not */
  let taken = 0;

  /** @type {ColorBy} */
  let colorBy = "label";
  /** @type {Set<number>} */
  let hidden = new Set();
  /** @type {number|null} a class looked at for as long as the pointer is on its legend entry */
  let preview = null;
  let paintDirty = true;
  let imageSize = 20;
  let imagesOn = false;
  /** @type {import("../points/gestures.mjs").Tool} */
  let tool = "lasso";
  /** @type {import("../points/gestures.mjs").How} */
  let how = "new";
  /** @type {Map<string, ReturnType<typeof predict>>} */
  let predictions = new Map();
  /** the last of them by split, for the colours until the next ones are here @type {Map<string, ReturnType<typeof predict>>} */
  let lastSaid = new Map();
  /** outputs and states asked for, once each @type {Set<string>} */
  let asked = new Set();

  const endSelection = onSelection(() => {
    paintDirty = true;
    changed("colors");
    loop.wake();
  });
  const endLeft = whenLeft(root, () => view.dispose());

  for (const stage of every) {
    stage.listen({
      picture() {
        const now = ready && stage.viewport;
        return now ? { view: now, positions: stage.positions, visible: stage.visible } : null;
      },
      tool: () => tool,
      how: () => how,
      hover: (index, x, y) => hovered(stage, index, x, y),
      pick(indices, as) {
        const ids = indices.map((i) => stage.points.ids[i]);
        if (as === "new" || ids.length) select(run.run, ids, as);
      },
      zoom(factor, x, y) {
        const k = Math.min(LARGEST, Math.max(0.5, zoom.k / factor));
        const keep = zoom.k / k;
        following = false;
        view.setZoom(x + (zoom.x - x) * keep, y + (zoom.y - y) * keep, k);
      },
      pan(dx, dy) {
        following = false;
        view.setZoom(zoom.x + dx, zoom.y + dy, zoom.k);
      },
    });
    stage.gd.on("plotly_afterplot", () => {
      dirty = true;
      loop.wake();
    });
    register(stage.name, () => inspectStage(stage));
  }

  /** @param {number} dt seconds */
  function frame(dt) {
    if (!ready) return false;
    advanceEpoch(dt);
    if (states) advanceState(dt, states);
    if (states && following && !held && !pull && !stages.some((stage) => stage.dragging)) follow(dt, states);
    advanceView(dt);
    if (zoom.dirty || stages.some((stage) => stage.askew())) {
      zoom.dirty = false;
      for (const stage of stages) stage.frameOn(zoom.x, zoom.y, reach(run) / zoom.k);
      dirty = true;
    }
    if (paintDirty) paint();
    if (dirty) show();
    return playing || touring || glide !== null || turn !== null || states?.moving || dirty;
  }

  /** @param {number} dt @param {import("./states.mjs").States} clock */
  function advanceState(dt, clock) {
    const was = clock.playing;
    if (clock.advance(dt, (at) => arrivedAll(clock.needs(epoch, at)))) {
      dirty = true;
      changed("state");
    }
    if (was && !clock.playing) changed("motion");
  }

  /** @param {number} dt */
  function advanceEpoch(dt) {
    const last = run.epochs.length - 1;
    let next = epoch;
    if (glide) {
      glide.u = Math.min(1, glide.u + dt / glide.seconds);
      next = glide.from + (glide.to - glide.from) * ease(glide.u);
      if (glide.u === 1) glide = null;
    } else if (playing && loaded(Math.min(last, epoch + dt * epochRate))) {
      next = Math.min(last, epoch + dt * epochRate);
      if (next === last) {
        playing = false;
        changed("motion");
      }
    }
    if (next !== epoch) moveTo(next);
  }

  /** @param {number} dt */
  function advanceView(dt) {
    if (turn) {
      turn.u = Math.min(1, turn.u + dt / turn.seconds);
      turn.path.at(ease(turn.u), scratch());
      tour.setMatrix(scratch());
      if (turn.u === 1) turn = null;
    } else if (touring && !pull && !stages.some((stage) => stage.dragging)) {
      tour.advance(dt * (holds > 0 ? HELD : 1));
    } else return;
    dirty = true;
  }

  /** @type {Float64Array} */
  let room = new Float64Array(0);
  function scratch() {
    if (room.length !== run.p ** 2) room = new Float64Array(run.p ** 2);
    return room;
  }

  /**
   * Magnify until nearly all points that are drawn fill the picture well enough, and go after their middle; within bounds nothing
   * is done, so that a tour does not breathe. Where there are handles these stay in sight.
   *
   * @param {number} dt seconds; 0 for at once
   * @param {import("./states.mjs").States} clock
   */
  function follow(dt, clock) {
    let [n, x, y, squares] = [0, 0, 0, 0];
    for (const stage of stages) {
      const { positions } = stage;
      for (let i = 0; i < stage.points.n; i++) {
        if (!stage.visible(i)) continue;
        const [px, py] = [positions[2 * i], positions[2 * i + 1]];
        n++;
        x += px;
        y += py;
        squares += px * px + py * py;
      }
    }
    const free = 1 - clock.handles;
    [x, y] = n ? [(free * x) / n, (free * y) / n] : [0, 0];
    const size = NEARLY_ALL * Math.sqrt(Math.max(0, squares / Math.max(1, n) - x * x - y * y));
    if (!(size > 0)) return;
    const [least, most] = FILLED.map((share) => (share * reach(run)) / size);
    const wanted = Math.min(FOLLOWED ** free, most, Math.max(least, zoom.k));
    const step = dt ? 1 - Math.exp(-dt / FOLLOW_SECONDS) : 1;
    const k = Math.abs(Math.log(wanted / zoom.k)) < 0.004 ? wanted : zoom.k * (wanted / zoom.k) ** step;
    const off = (Math.hypot(x - zoom.x, y - zoom.y) * k) / reach(run);
    if (off > OFF_MIDDLE || (off > 0.004 && (free === 0 || centring))) {
      centring = off > 0.01 || free === 0;
      const share = off > 0.01 ? step : 1;
      Object.assign(zoom, { x: zoom.x + share * (x - zoom.x), y: zoom.y + share * (y - zoom.y), dirty: true });
    } else centring = false;
    if (k !== zoom.k) Object.assign(zoom, { k, dirty: true });
  }

  /** @param {number} index */
  function moveTo(index) {
    const before = Math.round(epoch);
    epoch = index;
    dirty = true;
    if (Math.round(index) !== before && colorBy !== "label") paintDirty = true;
    changed("epoch");
  }

  /**
   * Whether slices of states are here, for every stage; what is not is fetched, for the stream of a large network ends before all is here.
   *
   * @param {[number, number][]} needs epoch, state
   */
  function arrivedAll(needs) {
    const mine = generation;
    let all = true;
    for (const [at, state] of needs) {
      for (const { split } of stages) {
        if (tensors.slice(split, at, state)) continue;
        all = false;
        const key = `${split}/${at}/${state}`;
        if (afterPicture || asked.has(key)) continue;
        asked.add(key);
        tensors.load(split, at, state).then(loop.wake, (error) => {
          asked.delete(key);
          if (mine === generation) fail(error);
        });
      }
    }
    return all;
  }

  /** Whether both slices around an epoch are here, for every stage. @param {number} index */
  function loaded(index) {
    if (states) return arrivedAll(states.needs(index));
    const last = run.epochs.length - 1;
    const [low, high] = [Math.min(last, Math.floor(index)), Math.min(last, Math.ceil(index))];
    return stages.every((s) => tensors.slice(s.split, low) && tensors.slice(s.split, high));
  }

  /** Project and draw every stage; keeps the old picture until the data of the new one is here. */
  function show() {
    const low = Math.floor(epoch);
    const high = Math.ceil(epoch);
    const here = loaded(epoch);
    if (here === waiting) {
      waiting = !here;
      changed("loading", waiting);
    }
    if (here && states) {
      for (const stage of stages) {
        stage.projectStates(states.corners(tensors, stage.split, epoch, tour.matrix) ?? [], run.p);
        stage.fadeHandles(states.handles);
      }
      if (following && afterPicture) follow(0, states);
    } else if (here) {
      for (const stage of stages) {
        const a = /** @type {import("./stage.mjs").Loaded} */ (tensors.slice(stage.split, low));
        const b = /** @type {import("./stage.mjs").Loaded} */ (tensors.slice(stage.split, high));
        stage.project(tour.matrix, run.p, run.radius, a, b, epoch - low);
      }
    } else fetchEpoch(epoch);
    for (const stage of stages) {
      stage.draw(tour.matrix, imageSize, run.p);
      drawn(stage);
    }
    dirty = false;
    if (!here || !afterPicture) return;
    const then = afterPicture;
    afterPicture = null;
    then();
  }

  /** @param {number} index */
  async function fetchEpoch(index) {
    const mine = generation;
    try {
      await Promise.all(needed(index).flatMap(([at, kind]) => stages.map((s) => tensors.load(s.split, at, kind))));
      if (mine !== generation) return;
      dirty = true;
      paintDirty ||= colorBy !== "label";
      loop.wake();
    } catch (error) {
      if (mine === generation) fail(error);
    }
  }

  /** Which slices the picture at an epoch needs. @param {number} index @returns {[number, import("../data/tensors.mjs").Kind][]} */
  function needed(index) {
    if (states) return states.needs(index);
    return [...new Set([Math.floor(index), Math.ceil(index)])].map((at) => [at, "slices"]);
  }

  /** @param {unknown} error */
  function fail(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    changed("error", error);
  }

  /** @param {Stage} stage @returns {ReturnType<typeof predict>|null} at the epoch nearest to now; null until it is here */
  function predictionsOf(stage) {
    const at = Math.round(epoch);
    const key = `${stage.split}/${at}`;
    let found = predictions.get(key);
    if (found) return found;
    const own = saysItself(run);
    const slice = tensors.slice(stage.split, at, own ? "slices" : "outputs");
    if (!slice) {
      if (!own) fetchOutputs(stage.split, at);
      return null;
    }
    found = predict(slice, run.classes.length, !own || run.layer === "softmax");
    predictions.set(key, found);
    lastSaid.set(stage.split, found);
    return found;
  }

  /** What the network says is fetched where it is asked for, behind the first picture. @param {string} split @param {number} at */
  async function fetchOutputs(split, at) {
    const key = `${split}/${at}`;
    if (afterPicture || asked.has(key)) return; // asked again after it
    asked.add(key);
    const mine = generation;
    try {
      await tensors.load(split, at, "outputs");
      if (mine !== generation) return;
      paintDirty ||= colorBy !== "label";
      loop.wake();
      changed("said");
      const next = playing ? at + 1 : run.epochs.length;
      if (next < run.epochs.length) await tensors.load(split, next, "outputs");
    } catch (error) {
      if (mine === generation) fail(error);
    }
  }

  function paint() {
    const chosen = selectedIds(run.run);
    const own = hasClasses(run);
    for (const stage of stages) {
      const made = paintPoints(stage.points, {
        colorBy, hidden, preview, chosen, k: run.classes.length,
        said: colorBy === "label" ? null : (predictionsOf(stage) ?? lastSaid.get(stage.split) ?? null),
      }); // prettier-ignore
      stage.paint(made.palette, made.ids, made.visible, made.order);
      stage.dimHandles((c) => own && (hidden.has(c) || (preview !== null && c !== preview)));
    }
    paintDirty = false;
    dirty = true;
  }

  function remember() {
    taken++;
    past.push(tour.matrix.slice());
    if (past.length > REMEMBERED) past.shift();
    future = [];
    changed("view");
  }

  /** Turn to another frame along the shortest way. @param {Float64Array} matrix */
  function turnTo(matrix) {
    const path = createGeodesic(tour.matrix.slice(), matrix, run.p);
    if (still && reduced()) {
      path.at(1, scratch());
      tour.setMatrix(scratch());
    } else turn = { path, u: 0, seconds: Math.min(LONGEST_TURN, 0.25 + TURN_SECONDS * path.angle) };
    dirty = true;
    loop.wake();
    changed("view");
  }

  /** @param {Float64Array[]} from @param {Float64Array[]} to */
  function travel(from, to) {
    const matrix = from.pop();
    if (!matrix) return;
    taken++;
    to.push(tour.matrix.slice());
    view.tour(false);
    turnTo(matrix);
  }

  const handleEvents = {
    start() {
      remember();
      turn = null;
    },
    /** @param {number} i @param {number} x @param {number} y */
    move(i, x, y) {
      scratch().set(tour.matrix);
      dragHandle(scratch(), run.p, i, x, y);
      tour.setMatrix(scratch());
      dirty = true;
      loop.wake();
      changed("view");
    },
    end: () => loop.wake(),
    /** @param {boolean} held */
    hold(held) {
      holds = Math.max(0, holds + (held ? 1 : -1));
      if (!held) holds = 0;
    },
  };

  /** @param {Stage} stage */
  function inspectStage(stage) {
    if (!ready) throw new Error(`inspect: stage "${stage.name}" shows no run yet`);
    return {
      run: run.run,
      layer: states ? states.note.states[states.nearest].name : run.layer,
      ...(states && { state: states.position, naive: states.naive, handles: states.handles }),
      epoch: epochNumber(epoch),
      playing: playing || touring || turn !== null || glide !== null || Boolean(states?.moving),
      n: stage.points.n,
      p: run.p,
      matrix: tour.matrix.slice(),
      positions: stage.positions.map((x) => x * run.radius),
      radius: run.radius,
      ids: Array.from(stage.points.ids),
      selected: Array.from(stage.points.ids).filter((id) => selectedIds(run.run).has(id)),
      frame: loop.stats(),
      way: stage.scene?.way ?? "none",
      reason: stage.scene?.reason ?? "",
      images: stage.imagesOn,
      running: loop.running,
      waiting,
      bytes: tensors.bytes,
      ...told(stage),
    };
  }

  /** @param {number} index @returns {number} the epoch's number, interpolated like the data */
  function epochNumber(index) {
    const low = run.epochs[Math.floor(index)];
    return low + (run.epochs[Math.ceil(index)] - low) * (index - Math.floor(index));
  }

  const view = {
    /**
     * Show a run. Keeps epoch, frame and classes where they fit.
     *
     * @param {ReturnType<typeof import("../data/tensors.mjs").openTensors>} opened
     * @param {Stage[]} shown those of the given stages whose split the run has, see `Stage.splitOf`
     * @param {number} start index of the first epoch to show
     * @param {Float64Array|null} matrix of no use to a flat picture
     * @param {number} [state] of an aligned network, where to begin
     */
    async load(opened, shown, start, matrix, state = 0) {
      const mine = ++generation;
      tensors?.close();
      const now = opened.announcement;
      const splits = shown.map((stage) => stage.splitOf(now));
      const clock = now.alignment ? createStates(now.alignment, await opened.other(now.alignment.turns), state) : null;
      const first = clock ? clock.needs(start) : [/** @type {[number, "slices"]} */ ([start, "slices"])];
      const points = await Promise.all(
        splits.map(async (split) => {
          const [ids, labels] = await Promise.all([
            opened.part(split, "ids"),
            opened.part(split, "labels"),
            ...first.map(([at, kind]) => opened.load(split, at, kind)),
          ]);
          return /** @type {import("./stage.mjs").Points} */ ({
            n: now.splits[split].n,
            ids,
            labels,
            groups: groupsOf(now, /** @type {Uint16Array} */ (labels)),
          });
        }),
      );
      if (mine !== generation) return;
      ready = false;
      [tensors, run, stages, states, pull] = [opened, now, shown, clock, null];
      stages.forEach((stage, i) => (stage.split = splits[i]));
      [epoch, glide, turn, past, future, hidden] = [start, null, null, [], [], new Set()];
      taken++;
      held = false;
      [predictions, lastSaid, asked] = [new Map(), new Map(), new Set()];
      Object.assign(zoom, { x: 0, y: 0, k: 1, dirty: true });
      following = clock !== null;
      touring &&= run.axes !== null;
      tour = createGrandTour({
        p: run.p,
        seed,
        speed,
        matrix: run.axes ? (matrix ?? homeFrame(run)) : identity(run.p),
      });
      const names = states ? run.classes : (run.axes ?? []);
      const colors = hasClasses(run) ? classColors(names.length) : names.map(() => "var(--bs-secondary-color)");
      const framed = await Promise.all(
        stages.map((stage, i) => stage.load(points[i], names, colors, handleEvents, reach(run))),
      );
      if (mine !== generation) return;
      zoom.dirty = !framed.every(Boolean);
      ready = true;
      paintDirty = dirty = true;
      if (imagesOn) await view.setImages(true);
      loop.wake();
      const arrived = (/** @type {number} */ at) => {
        if (mine !== generation) return;
        if (waiting && Math.abs(at - epoch) < 1) dirty = true;
        loop.wake();
        changed("loading", waiting);
      };
      afterPicture = () => {
        performance.mark("gt-first-picture");
        const coming = clock
          ? opened.streamStates(
              () => [Math.round(clock.position), Math.round(epoch)],
              (_, at) => arrived(at),
            )
          : opened.stream(() => Math.floor(epoch), arrived);
        coming.catch(fail);
        paintDirty ||= colorBy !== "label";
        changed("said");
      };
      for (const what of /** @type {Change[]} */ (["epoch", "state", "view", "colors", "motion", "zoom"]))
        changed(what);
    },

    get run() {
      return run;
    },
    get tensors() {
      return tensors;
    },
    get ready() {
      return ready;
    },
    get epoch() {
      return epoch;
    },
    get epochNumber() {
      return epochNumber(epoch);
    },
    get matrix() {
      return tour.matrix;
    },
    /** Those that are shown. */
    get stages() {
      return stages;
    },
    /** Whether the frame is on its way to a view. */
    get turning() {
      return turn !== null;
    },
    /** Another number whenever the reader has taken the frame in hand: dragged it, gone back, asked for a view, or had it tour. */
    get taken() {
      return taken;
    },
    /** Keep the scale of the picture, so that lengths in different frames can be compared. @param {boolean} on */
    hold(on) {
      held = on;
      dirty = true;
      loop.wake();
    },
    /** Whether there is nothing to turn. */
    get flat() {
      return run.axes === null;
    },
    get playing() {
      return playing;
    },
    get touring() {
      return touring;
    },
    /** The clock of states, of a network that has been aligned; change it by the methods below. */
    get states() {
      return states;
    },
    predictionsOf,

    /** Play from input to softmax, pausing at each state. @param {boolean} on */
    playStates(on) {
      states?.play(on);
      dirty = true;
      loop.wake();
      for (const what of /** @type {Change[]} */ (["motion", "state"])) changed(what);
    },
    /** @param {number} index with a fraction between two states @param {boolean} smooth */
    setState(index, smooth = false) {
      if (states?.playing) view.playStates(false);
      states?.seek(index, smooth && !reduced());
      dirty = true;
      loop.wake();
      changed("state");
    },
    /** One state on or back. @param {number} by */
    stepState(by) {
      if (states?.playing) view.playStates(false);
      states?.step(by, !reduced());
      dirty = true;
      loop.wake();
      changed("state");
    },
    /**
     * Each state in its own axes, or all in those that they share.
     *
     * @param {boolean} on
     * @param {boolean} [there] whether the frame is one of that kind already, as it came in a link
     */
    setNaive(on, there = false) {
      if (!states || states.naive === on) return;
      const become = states.setNaive(on);
      taken++;
      if (there) {
        dirty = true;
        return loop.wake();
      }
      turn = null;
      tour.setMatrix(become(tour.matrix));
      [past, future] = [past.map(become), future.map(become)];
      dirty = true;
      loop.wake();
      changed("view");
    },

    /**
     * Take hold of some points, to pull them by `pullTo`; ends with `pullTo(null)`.
     *
     * @param {Parameters<typeof createDrag>[0]} mode @param {Stage} stage @param {number[]} indices
     * @returns {boolean} whether they can be pulled
     */
    pullPoints(mode, stage, indices) {
      const { n } = stage.points;
      if (!states || !loaded(epoch)) return false;
      const rows = states.rows(tensors, stage.split, epoch, n);
      pull = createDrag(mode, tour.matrix.slice(), run.p, rows, n, indices);
      if (!pull) return false;
      remember();
      turn = null;
      view.tour(false);
      return true;
    },
    /** @param {[number, number]|null} by from where they were taken hold of, in plot units; null lets them go */
    pullTo(by) {
      if (!by) pull = null;
      if (!by || !pull) return;
      tour.setMatrix(pull.at(by[0], by[1], scratch()));
      dirty = true;
      loop.wake();
      changed("view");
    },
    /** Draw the same picture once more: what lies above it has changed. */
    refresh() {
      dirty = true;
      loop.wake();
    },

    /** Play the epochs; from the start when they are at the end. @param {boolean} on */
    play(on) {
      playing = on;
      glide = null;
      if (on && epoch >= run.epochs.length - 1) moveTo(0);
      loop.wake();
      changed("motion");
    },
    /** @param {number} rate epochs a second */
    setEpochRate(rate) {
      epochRate = rate;
    },
    /** @param {number} index @param {boolean} smooth */
    setEpoch(index, smooth = false) {
      const to = Math.min(run.epochs.length - 1, Math.max(0, index));
      if (playing) {
        playing = false;
        changed("motion");
      }
      glide = null;
      if (smooth && !reduced()) {
        const seconds = Math.abs(to - epoch) <= 1.5 ? STEP_SECONDS : GLIDE_SECONDS;
        glide = { from: epoch, to, u: 0, seconds };
      } else moveTo(to);
      loop.wake();
    },
    /** One epoch on or back; a step during a step goes on from where that one leads. @param {number} by */
    step(by) {
      const from = glide ? glide.to : by > 0 ? Math.floor(epoch) : Math.ceil(epoch);
      view.setEpoch(from + by, true);
    },
    /** Turn through all views, or stop. @param {boolean} on */
    tour(on) {
      if (on) taken++;
      touring = on && !view.flat;
      loop.wake();
      changed("motion");
    },
    /** @param {number} factor 1 is a calm pace */
    setSpeed(factor) {
      speed = factor;
      tour.setSpeed(factor);
    },
    /** Go on along another path. @param {number} number */
    reseed(number) {
      seed = number;
      tour.reseed(number);
    },
    get seed() {
      return seed;
    },
    /** @param {number} number */
    randomView(number) {
      if (view.flat) return;
      remember();
      turnTo(randomFrame(run.p, number));
    },
    /** All handles equally long, everything in sight. */
    reset() {
      if (view.flat) return;
      remember();
      turnTo(homeFrame(run));
      if (states) view.follow();
      else view.setZoom(0, 0, 1);
    },
    /**
     * Turn to a frame, remembering this one.
     *
     * @param {Float64Array} columns (p, 2): where the handles go @param {boolean} [kept] whether it is a view to come back to
     */
    lookAlong(columns, kept = true) {
      if (view.flat) return;
      if (kept) remember();
      view.tour(false);
      turnTo(completeFrame(columns, run.p));
    },
    undo: () => travel(past, future),
    redo: () => travel(future, past),
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },

    /** @param {number} x @param {number} y @param {number} k */
    setZoom(x, y, k) {
      Object.assign(zoom, { x, y, k, dirty: true });
      loop.wake();
      changed("zoom");
    },
    /** Zoom so that the points that are drawn fill the picture, and go on doing so where states differ in size. */
    fit() {
      if (states) return view.follow();
      let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
      let wide = Infinity;
      for (const stage of stages) {
        const { positions, viewport } = stage;
        if (viewport) wide = Math.min(wide, viewport.width / viewport.height);
        for (let i = 0; i < stage.points.n; i++) {
          if (!stage.visible(i)) continue;
          left = Math.min(left, positions[2 * i]);
          right = Math.max(right, positions[2 * i]);
          bottom = Math.min(bottom, positions[2 * i + 1]);
          top = Math.max(top, positions[2 * i + 1]);
        }
      }
      if (!(right >= left) || wide === Infinity) return;
      const half = FLAT * Math.max((right - left) / 2 / Math.max(1, wide), ((top - bottom) / 2) * Math.min(1, wide));
      view.setZoom((left + right) / 2, (bottom + top) / 2, Math.min(LARGEST, reach(run) / Math.max(half, 1e-9)));
    },
    /** Keep the points of every state in sight, until the reader zooms. */
    follow() {
      following = states !== null;
      if (!following) return;
      zoom.dirty = dirty = centring = true;
      loop.wake();
      changed("zoom");
    },
    get zoomed() {
      if (following) return false;
      return Math.abs(zoom.k - 1) > 0.01 || Math.hypot(zoom.x, zoom.y) > 0.01;
    },
    get zoomFactor() {
      return zoom.k;
    },

    /** @param {ColorBy} by */
    colorBy(by) {
      colorBy = by;
      paintDirty = true;
      loop.wake();
      changed("colors");
    },
    get coloredBy() {
      return colorBy;
    },
    /** @param {Iterable<number>} classes */
    setHidden(classes) {
      hidden = new Set(classes);
      paintDirty = true;
      loop.wake();
      changed("colors");
    },
    get hidden() {
      return hidden;
    },
    /** @param {number|null} c */
    setPreview(c) {
      preview = c;
      paintDirty = true;
      loop.wake();
    },
    /** @param {import("../points/gestures.mjs").Tool} name */
    setTool(name) {
      tool = name;
      for (const stage of every) stage.root.dataset.gtTool = name;
    },
    get tool() {
      return tool;
    },
    /** @param {import("../points/gestures.mjs").How} name */
    setHow(name) {
      how = name;
    },
    get how() {
      return how;
    },

    /** Show points as their images. @param {boolean} on @returns {Promise<void>} */
    async setImages(on) {
      imagesOn = on;
      const mine = generation;
      try {
        for (const stage of stages) {
          const tensor = run.splits[stage.split].images;
          const images = on && tensor ? await tensors.part(stage.split, "images") : null;
          if (mine !== generation || imagesOn !== on) return;
          if (!images || !tensor) stage.setImages(null);
          else {
            const [, h, w, c] = tensor.shape;
            stage.setImages({ images: /** @type {Uint8Array} */ (images), h, w, c });
          }
        }
      } catch (error) {
        imagesOn = false;
        for (const stage of stages) stage.setImages(null);
        fail(error);
      }
      paintDirty = true;
      loop.wake();
      changed("colors");
    },
    get imagesOn() {
      return imagesOn;
    },
    /** @param {number} px CSS px */
    setImageSize(px) {
      imageSize = px;
      dirty = true;
      loop.wake();
    },
    /** Draw now, for whoever reads the canvases in this very task: images are not kept longer. */
    redraw() {
      if (paintDirty) paint();
      show();
    },
    cancelGesture: () => stages.map((stage) => stage.cancelGesture()).some(Boolean),
    resetStats: () => loop.resetStats(),

    dispose() {
      generation++;
      loop.stop();
      endSelection();
      endLeft();
      tensors?.close();
      for (const stage of every) {
        unregister(stage.name);
        stage.dispose();
      }
    },
  };
  return view;
}

/** @typedef {ReturnType<typeof createTourView>} TourView */

/** Whether a layer says itself what the network predicts: one axis a class. @param {Announcement} run */
const saysItself = (run) => Object.values(run.splits).every((split) => !split.outputs.length);

/** Whether handles are of classes, in their colours. @param {Announcement} run */
const hasClasses = (run) => saysItself(run) || Boolean(run.alignment);

/** The group of each point. @param {Announcement} run @param {Uint16Array} labels */
function groupsOf({ classes, attack }, labels) {
  if (!attack) return labels;
  const groups = labels.slice();
  for (const i of attack.attacked) groups[i] = classes.length;
  return groups;
}

/** The first frame: all handles equally long. @param {Announcement} run */
function homeFrame(run) {
  const classes = run.classes.length;
  if (!run.alignment || classes === run.p) return starFrame(run.p);
  const star = starFrame(classes);
  const columns = new Float64Array(2 * run.p); // those of the classes; what else a state has is behind them
  for (let c = 0; c < classes; c++)
    for (let j = 0; j < Math.min(2, classes); j++) columns[2 * c + j] = star[c * classes + j];
  return completeFrame(columns, run.p);
}

/** Half the range of the axes before anyone zooms. @param {Announcement} run */
const reach = (run) => (run.alignment ? LAYERS : run.axes ? home(run.p) : FLAT);

/** Whether the reader's system asks for less motion. */
export function reduced() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Slow at both ends. @param {number} u */
const ease = (u) => u * u * (3 - 2 * u);

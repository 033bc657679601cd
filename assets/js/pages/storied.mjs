// @ts-check
/** What stories are told by a page of stages: what it shows, as an address, in words and as a picture, and where notes point to. */

import { here } from "../core/here.mjs";
import { part } from "../core/dom.mjs";
import { clockOf } from "../data/tensors.mjs";
import { groupsOf } from "../state/kept_groups.mjs";
import { nearestPoint } from "../points/hits.mjs";
import { medianOf } from "../points/held.mjs";
import { toLeft, toTop } from "../points/viewport.mjs";
import { handlesOf } from "../stage/first_view.mjs";
import { stillOf } from "../picture/still.mjs";
import { PICTURE } from "../story/checked.mjs";
import { noteNow, paintNote } from "../story/notes.mjs";
import { enrol } from "../story/shown.mjs";
import { become, isOfPicture } from "./becoming.mjs";
import { viewAddress } from "./links.mjs";
import { takenFromTour } from "./pictured.mjs";

/**
 * @typedef {import("./tour_page.mjs").TourPage} TourPage
 * @typedef {import("../stage/stage.mjs").Stage} Stage
 * @typedef {import("../story/shown.mjs").At} At
 * @typedef {import("../points/viewport.mjs").Viewport} Viewport
 */

const NEAR = 16; // px from a click to what it means

/** Where what a note points at lies in a picture. @param {TourPage} page @param {Stage} stage @param {At} at @param {Viewport} view @returns {[number, number]|null} px */
function placeIn({ view: tour }, stage, at, view) {
  const { positions, points } = stage;
  /** @param {number} x @param {number} y @returns {[number, number]} */
  const put = (x, y) => [toLeft(view, x), toTop(view, y)];
  /** @param {number[]} indices */
  const middle = (indices) => {
    const found = medianOf(indices, positions, stage.visible);
    return found && put(...found);
  };
  if ("place" in at) {
    const [x, y] = /** @type {number[]} */ (at.place);
    return [view.left + x * view.width, view.top + y * view.height];
  }
  if ("point" in at) {
    const i = points.ids.indexOf(/** @type {never} */ (at.point));
    return i >= 0 && stage.visible(i) ? put(positions[2 * i], positions[2 * i + 1]) : null;
  }
  if ("group" in at) {
    const group = groupsOf(tour.run).find(({ name }) => name === at.group);
    return group ? middle([...points.ids.keys()].filter((i) => group.ids.has(points.ids[i]))) : null;
  }
  const { names } = handlesOf(tour.run);
  const h = names.indexOf(/** @type {string} */ (at.class));
  if (h >= 0 && !tour.flat) return put(tour.seen[2 * h], tour.seen[2 * h + 1]);
  const c = tour.run.classes.indexOf(/** @type {string} */ (at.class));
  return c < 0 ? null : middle([...points.labels.keys()].filter((i) => points.labels[i] === c));
}

/** What lies at a place of a stage. @param {TourPage} page @param {Stage} stage @param {number} x px @param {number} y @returns {At} */
function findIn(page, stage, x, y) {
  const { view: tour } = page;
  const view = /** @type {Viewport} */ (stage.viewport);
  /** @param {At} at */
  const isAt = (at) => {
    const place = placeIn(page, stage, at, view);
    return place !== null && Math.hypot(place[0] - x, place[1] - y) < NEAR;
  };
  const handle = tour.flat ? undefined : stage.shownHandles.map((i) => handlesOf(tour.run).names[i]).find((name) => isAt({ class: name })); // prettier-ignore
  if (handle) return { class: handle };
  const i = nearestPoint({ view, positions: stage.positions, visible: stage.visible }, [x, y], NEAR / 2);
  if (i >= 0) return { point: stage.points.ids[i] };
  const group = groupsOf(tour.run).find(({ name }) => isAt({ group: name }));
  if (group) return { group: group.name };
  const within = (/** @type {number} */ v) => Math.min(1, Math.max(0, +v.toFixed(4)));
  return { place: [within((x - view.left) / view.width), within((y - view.top) / view.height)] };
}

/** What of a stage is free of tools and words. @param {Stage} stage */
function roomIn({ viewport, free: [top, right, bottom, left] }) {
  const { width, height } = viewport ?? { width: 0, height: 0 };
  return { left, top, width: width - left - right, height: height - top - bottom };
}

/** What its title would be: what the page says that it shows. @param {TourPage} page */
function titleOf({ view, what }) {
  const { run, clock } = view;
  const number = +clock.number.toFixed(2);
  return `${what}${run.epochs.length > 1 ? `, ${clockOf(run)} ${number}` : ""}`;
}

/** Have a page stand still, at a recorded epoch and state where these were moving. @param {TourPage} page */
async function stoodStill({ view, telling }) {
  const { clock, states } = view;
  const epoch = clock.moving ? clock.nearest : null;
  const state = states?.moving ? states.nearest : null;
  const hand = view.takeTime();
  telling.hold(true);
  await hand.show({ epoch, state, dt: 0 }); // what it needs may be on its way still
  return hand;
}

/** @param {TourPage} page */
export function createStoried(page) {
  const { view, mount } = page;
  /** has the time while the page stands still @type {import("../stage/by_hand.mjs").Hand|null} */
  let hand = null;
  const enrolled = enrol({
    page: here().location.pathname.split("/").pop() ?? mount.page,
    root: page.root,
    of: () => (view.ready && page.settled ? { run: view.run.run, uid: view.run.uid, title: view.run.title } : null),
    query: () => viewAddress(page.address, mount.base, view.run),
    said: () => ({ title: titleOf(page), alt: page.told() }),
    async still() {
      const held = (hand = await stoodStill(page));
      return () => {
        hand = null;
        held.end();
        page.telling.hold(false);
      };
    },
    picture: async () => hand && stillOf(takenFromTour(page, hand), PICTURE),
    becomes: (query) => view.ready && isOfPicture(page, new URLSearchParams(query)),
    become: (query) => become(page, query),
    canvases: () =>
      page.seenStages.map((stage) => ({
        root: /** @type {HTMLElement} */ (part(stage.root, "touch").parentElement),
        place: (at) => stage.viewport && placeIn(page, stage, at, stage.viewport),
        find: (x, y) => findIn(page, stage, x, y),
        room: () => roomIn(stage),
      })),
  });
  page.onLeave(enrolled.leave);
  return {
    settled: enrolled.settled,
    drawn: enrolled.drawn,
    /** The note, in a picture that is taken away. @param {Stage} stage @param {import("../points/pens.mjs").Pen} pen @param {Viewport} at @param {import("../picture/look.mjs").Look} look */
    paint(stage, pen, at, look) {
      const note = noteNow();
      if (!note) return;
      const first = page.seenStages.find((one) => placeIn(page, one, note.at, at));
      const place = first === stage ? placeIn(page, stage, note.at, at) : null;
      if (place) paintNote(pen, note.text, place, at, look);
    },
  };
}

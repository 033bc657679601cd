// @ts-check
/** Going over from what a tour page shows to another view of it: the frame turns there, epochs and layers run, the picture is zoomed. */

import { setProps } from "../core/dash.mjs";
import { forgetAddress } from "../core/unread.mjs";
import { nearestEpoch } from "../data/epochs.mjs";
import { groupNames } from "../data/groups.mjs";
import { history } from "../state/history.mjs";
import { readLink } from "../state/link.mjs";
import { coloringNames } from "../points/colorings.mjs";
import { homeFrame } from "../stage/first_view.mjs";
import { spreadColumns } from "../stage/named_views.mjs";
import { completeFrame } from "../tour/frame.mjs";
import { groupAsked, hiddenAsked, selectAsked } from "./links.mjs";
import { frameOf, resume, tellLack } from "./tour_link.mjs";

/** @typedef {import("./tour_page.mjs").TourPage} TourPage @typedef {ReturnType<typeof readLink>} Asked */

const KINDS = ["layer", "method", "embedding", "alignment"];
const USUAL = "softmax"; // the layer that the Grand Tour shows where an address names none

/** Whether an address is of the picture that is shown, but for how it is looked at. @param {TourPage} page @param {URLSearchParams} query */
export function isOfPicture(page, query) {
  const { view, mount } = page;
  const { run, states } = view;
  if (query.get("run") !== run.run) return false;
  const named = KINDS.map((kind) => query.get(kind)).find((one) => one !== null);
  const usual = mount.page === "layers" || mount.page === "adversarial" || run.layer === USUAL;
  if (named === undefined ? !usual : named !== run.layer) return false;
  const { b, split = "all" } = run.two ? page.linked() : {};
  if (run.two && (query.get("b") !== b || (query.get("split") ?? "all") !== split)) return false;
  const path = states?.note.path ?? {};
  return (query.get("path") ?? "{}") === JSON.stringify(path);
}

/** @param {TourPage} page @param {string} search the query of a view of the picture that is shown */
export async function become(page, search) {
  const { view } = page;
  const query = new URLSearchParams(search);
  const { run, clock, turning } = view;
  const asked = readLink(search, run.axes && run.p, coloringNames(run));
  forgetAddress();
  tellLack(run, asked);
  page.telling.end();
  clock.play(false);
  view.states?.play(false);
  turning.tour(false);
  page.becoming(query); // first: it may have other axes, in which the frame is
  history.together(() => {
    page.hide(hiddenAsked(asked, groupNames(run).length));
    turnTo(page, asked);
  });
  if (asked.epoch !== null) clock.seek(nearestEpoch(run.epochs, asked.epoch), true);
  zoomTo(page, asked);
  colorAs(page, asked);
  await groupAsked(page.mount.base, run, asked.groups); // before filters, which may speak of them
  await selectAsked(page.mount.base, run.run, { ...asked, ids: asked.ids ?? (asked.kept ? null : []) });
  page.nearby?.shown(search);
  page.grouped.shown(search);
  page.telling.restore(search);
  if (asked.motion?.length) whenThere(page, () => resume(view, asked.motion ?? []));
  page.address.later();
}

/** @param {TourPage} page @param {Asked} asked */
function turnTo({ view, firstHandles }, asked) {
  const { run, turning } = view;
  if (view.flat) return;
  const frame = frameOf(asked.columns, run.p);
  const spread = frame ? [] : firstHandles(run);
  turning.lookAt(frame ?? (spread.length ? completeFrame(spreadColumns(run.p, spread), run.p) : homeFrame(run)));
}

/** @param {TourPage} page @param {Asked} asked */
function zoomTo({ view: { magnifier } }, { zoom, sight }) {
  if (zoom) magnifier.glideTo(zoom, false);
  else if (sight) magnifier.glideTo(sight, true);
  else magnifier.follow();
}

/** @param {TourPage} page @param {Asked} asked */
function colorAs({ view, mount }, asked) {
  const color = /** @type {import("../points/colorings.mjs").ColorBy} */ (asked.color ?? "label");
  if (color !== view.coloring.by) {
    setProps(mount.ids.color, { value: color });
    view.coloring.colorBy(color);
  }
  if (asked.images !== view.imagesOn) view.setImages(asked.images);
}

/** Once the picture has arrived, unless the reader has taken it in hand meanwhile. @param {TourPage} page @param {() => void} act */
function whenThere({ root, view }, act) {
  const { run, turning } = view;
  const { taken } = turning;
  const look = () => {
    if (!root.isConnected || view.run !== run || turning.taken !== taken) return;
    if (turning.turning || view.clock.moving || view.states?.moving) requestAnimationFrame(look);
    else act();
  };
  requestAnimationFrame(look);
}

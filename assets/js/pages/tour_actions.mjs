// @ts-check
/** What the buttons and keys of a tour page do. */

import { select } from "../state/selection.mjs";
import { toast } from "../core/dom.mjs";
import { copy, numpyText } from "../stage/take_away.mjs";
import { openTaking } from "../picture/dialog.mjs";
import { saveSelection } from "./csv.mjs";
import { savePage } from "./page_file.mjs";
import { copyAddress } from "./links.mjs";
import { filmOf, takenFromTour } from "./pictured.mjs";

const LOOK_MS = 2500; // at the first stop of a named view, before its next one

/** @typedef {import("./tour_page.mjs").TourPage} TourPage */

/** Some number, for what is to be another each time. */
const anyNumber = () => 1 + Math.floor(Math.random() * 1e6);

/** @param {TourPage} page @returns {import("../core/page.mjs").Actions} */
export function tourActions(page) {
  const { view, telling } = page;
  const { clock, turning } = view;
  return {
    "show-me": () => page.showMe(),
    play: () => clock.play(!clock.playing),
    tour: () => turning.tour(!turning.touring),
    "step-back": () => clock.step(-1),
    "step-on": () => clock.step(1),
    reseed() {
      turning.reseed(anyNumber());
      if (!turning.touring) turning.tour(true);
    },
    random: () => turning.random(anyNumber()),
    reset: () => view.reset(),
    fit: () => view.fit(),
    zoom: () => view.fit(),
    points: (value) => view.setImages(value ? value === "images" : !view.imagesOn),
    link: () => copyAddress(page.address, page.mount.base, view.run, "Link to this view copied"),
    async matrix() {
      const done = await copy(numpyText(view.matrix, view.run.p));
      toast(done ? "Matrix copied as numpy text" : "The browser does not let this page copy", done ? "info" : "error");
    },
    names: (which) => page.grouped.setNames(/** @type {import("../points/group_names.mjs").Which} */ (which)),
    picture: () => takePicture(page),
    file: (_, button) => savePage(page.mount.page, page.mount.base, page.address, page.inFile, button),
    csv: () => {
      const { run, clock } = view;
      saveSelection(page.mount.ids.csv, run, run.layer, run.epochs[clock.nearest]);
    },
    clear: () => page.finding?.cancel() || telling.end() || view.cancelGesture() || select(view.run.run, []),
    ...telling.actions,
  };
}

/** What is shown stands still while it is taken away, and goes on then. @param {TourPage} page */
function takePicture(page) {
  const hand = page.view.takeTime();
  page.telling.hold(true);
  const closed = () => {
    hand.end();
    page.telling.hold(false);
  };
  openTaking({ taken: takenFromTour(page, hand), film: filmOf(page, hand), closed });
}

/** What the page says to look for: the first named view, one stop after the other; else all epochs. @param {TourPage} page */
export function showFirstView({ root, view }) {
  const stops = [...(root.querySelector(".gt-chip")?.children ?? [])];
  if (!stops.length) {
    view.clock.seek(0);
    view.turning.tour(true);
    return view.clock.play(true);
  }
  const { run } = view;
  stops.forEach((stop, i) => {
    setTimeout(() => root.isConnected && view.run === run && /** @type {HTMLElement} */ (stop).click(), i * LOOK_MS);
  });
}

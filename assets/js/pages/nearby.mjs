// @ts-check
/**
 * Who is near what is selected, in the data, and whether the picture keeps them near: asked of the server when the selection,
 * the epoch or the layer is another one, and once more when the picture has come to rest; but only while somebody sees it.
 */

import { hasClasses } from "../data/groups.mjs";
import { askNeighbours, readSettings, settingsText, USUAL } from "../data/neighbours.mjs";
import { splitBehind } from "../data/splits.mjs";
import { clockOf } from "../data/tensors.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { tellUnread } from "../core/unread.mjs";
import { lostAndFalse, nearInPicture } from "../points/near_in_picture.mjs";
import { createNearPanel, shortDistance, some } from "../points/near_panel.mjs";
import { HIDDEN, falseSaid, headSaid, hintsSaid, keptSaid, notRecorded, tileSaid } from "../points/near_words.mjs";

const REST_MS = 250; // without a new picture: it stands
const NOBODY =
  "Select a point, and here are those nearest to it in the data, and whether the picture has them near it too. " +
  "Of several points, those nearest to their middle.";

/**
 * @typedef {import("./tour_page.mjs").TourPage} TourPage
 * @typedef {import("../payloads.mjs").NearAnswer} NearAnswer @typedef {import("../payloads.mjs").NearPoint} NearPoint
 * @typedef {import("../data/neighbours.mjs").NearSettings} NearSettings
 * @typedef {object} Asked
 * @property {NearSettings} settings @property {string} layer @property {number} epoch its number @property {number} number the same, with a fraction
 * @property {number[]} ids @property {Float32Array[]} stood where the points of each stage were
 * @property {ReturnType<typeof nearInPicture>} picture as it stood; null for a middle of several
 */

/** @param {TourPage} page @returns {Nearby|null} none on a page without a panel for it */
export function createNearby(page) {
  const box = /** @type {HTMLElement|null} */ (page.root.querySelector('[data-gt-part="near"]'));
  return box && new Nearby(page, box);
}

class Nearby {
  #page;
  #box;
  #panel;
  /** @type {NearSettings} */
  #settings = { ...USUAL };
  /** whether something else is to be asked than what is shown */
  #wanted = false;
  #inSight = false;
  #stop = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #rest;
  /** @type {Asked|null} */
  #asked = null;
  /** @type {NearAnswer|null} */
  #answer = null;
  /** whether images have not come yet */
  #lacking = false;
  /** whether it was said that some are hidden */
  #toldHidden = false;
  /** points that have been drawn @type {import("../stage/stage.mjs").Points|null} */
  #laid = null;
  /** the neighbour that is pointed at @type {{stage: import("../stage/stage.mjs").Stage, index: number}|null} */
  #over = null;

  /** @param {TourPage} page @param {HTMLElement} box */
  constructor(page, box) {
    this.#page = page;
    this.#box = box;
    const renew = () => this.#renew();
    this.#panel = createNearPanel(box, {
      set: (some) => this.#set(some),
      point: (id) => this.#point(id),
      pick: (id, add) => select(page.view.run.run, [id], add ? "add" : "new"),
      again: renew,
    });
    const sight = new IntersectionObserver((entries) => {
      this.#inSight = entries[entries.length - 1].isIntersecting;
      if (this.#inSight && this.#wanted) page.later();
    });
    sight.observe(box);
    page.onLeave(onSelection(renew), () => {
      sight.disconnect();
      clearTimeout(this.#rest);
      this.#stop.abort();
    });
  }

  // ---- what the page says

  /** A picture was drawn. */
  drawn() {
    const { view } = this.#page;
    if (!view.waiting) this.#laid = view.stages[0]?.points ?? null;
    if (this.#over) this.#over.stage.ring(this.#over.index);
    if (this.#wanted && this.#inSight && this.#pictured) return this.#page.later();
    if (!this.#asked || this.#stands(this.#asked)) return;
    this.#panel.stale(this.#answer !== null);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#renew(), REST_MS);
  }
  /** The page is up to date, or more images are here. */
  refreshed() {
    if (this.#wanted && this.#inSight && this.#pictured) this.#fetch();
    else if (this.#lacking || this.#toldHidden !== this.#hides) this.#show();
  }
  /** A run is there. @param {string} address that it was opened by */
  shown(address) {
    const { run, stages } = this.#page.view;
    const query = new URLSearchParams(address);
    const text = query.get("near");
    const found = text === null ? this.#settings : readSettings(text);
    const layers = run.layers.map(({ name }) => name);
    const splits = stages.map(({ split }) => split);
    const settings = { ...(found ?? this.#settings) };
    const there = [...layers, ""].includes(settings.layer) && [...splits, "all"].includes(settings.split);
    if (!found || (text !== null && !there)) tellUnread(["near"]);
    if (!layers.includes(settings.layer)) settings.layer = "";
    if (settings.split !== "all" && !splits.includes(settings.split)) settings.split = "all";
    this.#settings = settings;
    this.#panel.offer(settings, layers, splits);
    [this.#asked, this.#answer, this.#over, this.#lacking] = [null, null, null, false];
    this.#renew();
  }
  /** What is added to a link. @returns {Record<string, string>} */
  link() {
    const text = settingsText(this.#settings);
    return text ? { near: text } : {};
  }

  // ---- what the panel says

  /** @param {Partial<NearSettings>} some */
  #set(some) {
    this.#settings = { ...this.#settings, ...some };
    this.#page.address.later();
    this.#renew();
  }
  /** @param {number|null} id of the neighbour to be pointed at, null for none */
  #point(id) {
    if (this.#over) this.#page.point(this.#over.stage, -1);
    this.#over = id === null ? null : this.#find(id);
    if (this.#over) this.#page.point(this.#over.stage, this.#over.index);
  }

  // ---- asking

  /** Ask anew, as soon as somebody sees it. */
  #renew() {
    this.#wanted = true;
    if (this.#inSight) this.#page.later(); // which ends in `refreshed`
  }

  /** Whether the picture of now is drawn. */
  get #pictured() {
    const { waiting, stages } = this.#page.view;
    return !waiting && this.#laid === stages[0]?.points;
  }

  /** Whether the picture is as it was, and of what it was. @param {Asked} asked */
  #stands({ settings, layer, epoch, stood }) {
    const { run, clock, stages } = this.#page.view;
    if (epoch !== run.epochs[clock.nearest] || layer !== this.#layer(settings)) return false;
    return stages.every(({ positions }, i) => stood[i]?.every((x, j) => x === positions[j]));
  }

  /** Whether some points are hidden now. */
  get #hides() {
    const { coloring, filtering, parts } = this.#page.view;
    return coloring.hidden.size > 0 || parts.some((part) => filtering.maskOf(part));
  }

  /** Of whose data it is. @param {NearSettings} settings */
  #layer(settings) {
    const { run, states } = this.#page.view;
    const shown = states ? states.note.states[states.nearest].name : (run.embedding?.layer ?? run.layer);
    return settings.layer || shown;
  }

  /** Whether a point is among those that are compared. @param {NearSettings} settings */
  #counting({ split }) {
    if (split === "all") return () => true;
    const ids = new Set(
      this.#page.view.stages.flatMap(({ split: of, points }) => (of === split ? [...points.ids] : [])),
    );
    return (/** @type {number} */ id) => ids.has(id);
  }

  /** What is asked for now. @param {number[]} ids @returns {Asked} */
  #now(ids) {
    const { run, clock, stages } = this.#page.view;
    const settings = this.#settings;
    const lies = stages.map(({ points, positions }) => ({ ids: points.ids, positions }));
    return {
      ids,
      settings,
      layer: this.#layer(settings),
      epoch: run.epochs[clock.nearest],
      number: clock.number,
      stood: stages.map(({ positions }) => positions.slice()),
      picture: ids.length === 1 ? nearInPicture(lies, ids[0], this.#counting(settings)) : null,
    };
  }

  async #fetch() {
    this.#wanted = false;
    this.#stop.abort();
    const { signal } = (this.#stop = new AbortController());
    const { run, stages } = this.#page.view;
    const chosen = selectedIds(run.run);
    const ids = stages.flatMap(({ points }) => Array.from(points.ids).filter((id) => chosen.has(id)));
    if (!ids.length) {
      [this.#asked, this.#answer, this.#lacking] = [null, null, false];
      return this.#panel.say(chosen.size ? "None of the selected points is in this picture." : NOBODY, false);
    }
    const now = this.#now(ids);
    const came = await this.#answerTo(now, signal);
    if (signal.aborted || !this.#box.isConnected) return;
    const silent = typeof came === "string";
    [this.#asked, this.#answer, this.#lacking] = [now, silent ? null : came, false];
    if (silent) this.#panel.say(came, true);
    else this.#show();
  }

  /** What the server says, or why there is nothing to say. @param {Asked} now @param {AbortSignal} signal @returns {Promise<NearAnswer|string>} */
  async #answerTo(now, signal) {
    const { run } = this.#page.view;
    const recorded = run.layers.map(({ name }) => name);
    const lacking = notRecorded(now.layer, recorded);
    if (lacking) return lacking;
    try {
      const came = await askNeighbours(this.#page.mount.base, questionOf(run, now), signal);
      return came.silence || came;
    } catch (error) {
      return `This cannot be said: ${error instanceof Error ? error.message : error}`;
    }
  }

  // ---- showing

  /** The stage that has a point, and where among its points. @param {number} id */
  #find(id) {
    for (const stage of this.#page.view.stages) {
      const index = stage.points.ids.indexOf(id);
      if (index >= 0) return { stage, index };
    }
    return null;
  }

  /** The name of a point's class; none where it has none. @param {{stage: import("../stage/stage.mjs").Stage, index: number}|null} found */
  #className(found) {
    const { run } = this.#page.view;
    return found && hasClasses(run) ? run.classes[found.stage.points.labels[found.index]] : "";
  }

  /** Who is asked about. @param {number[]} ids @param {number} points */
  #whom(ids, points) {
    if (ids.length > 1) return `the middle of ${some(points, "selected point")}`;
    const name = this.#className(this.#find(ids[0]));
    return `point ${ids[0]}${name ? ` (${name})` : ""}`;
  }

  /** @param {NearPoint} one @param {boolean} marked @param {string} short @returns {import("../points/near_panel.mjs").Tile} */
  #tile(one, marked, short) {
    const found = this.#find(one.id);
    const name = this.#className(found);
    const split = found?.stage.split ?? "";
    const said = tileSaid(name, one, splitBehind(this.#page.view.run, split), this.#asked?.picture?.rank(one.id) ?? 0);
    return { id: one.id, name, short, said, marked, images: this.#page.images.of(split), index: found?.index ?? 0 };
  }

  #show() {
    const [asked, answer] = [this.#asked, this.#answer];
    if (!asked || !answer) return;
    const { images, view } = this.#page;
    const splits = view.stages.map(({ split }) => split);
    this.#lacking = splits.some((split) => split in images.all && !images.of(split));
    if (this.#lacking) images.fetch(splits);
    this.#toldHidden = this.#hides;
    const { settings, ids } = asked;
    const found = answer.near.length ? comparedWith(asked, answer) : null;
    const said = headSaid({ ...asked, of: this.#whom(ids, answer.points), clock: clockOf(view.run) }, answer);
    this.#panel.show({
      data: {
        said,
        tiles: answer.near.map((one) =>
          this.#tile(one, found?.lost.has(one.id) ?? false, shortDistance(one.distance ?? 0)),
        ),
      },
      hints: [...hintsSaid(answer, settings.metric), ...(this.#toldHidden ? [HIDDEN] : [])],
      compared: found && keptSaid(answer, settings, found.lost.size, between(asked, clockOf(view.run))),
      picture: found && {
        said: falseSaid(found.made.length, found.looked, settings),
        tiles: found.made.map((one) => this.#tile(one, false, `#${one.rank}`)),
      },
    });
    this.#panel.stale(!this.#stands(asked));
  }
}

/** What the server is asked. @param {import("../data/tensors.mjs").Announcement} run @param {Asked} asked @returns {import("../payloads.mjs").NearQuestion} */
function questionOf({ run, layer: name, embedding, alignment }, { settings, layer, epoch, ids, picture }) {
  const { metric, k, split } = settings;
  const seen = picture?.nearest(k).map(({ id }) => id) ?? [];
  const of = { embedding: embedding ? name : null, alignment: alignment ? name : null };
  return { run, ...of, split, layer, epoch, ids, metric, k, seen };
}

/** Which neighbours the picture loses, and which it makes up, the nearest first; null where that is not asked. @param {Asked} asked @param {NearAnswer} answer */
function comparedWith({ picture, settings: { k } }, { near, seen }) {
  if (!picture) return null;
  const told = new Map([...near, ...seen].map((one) => [one.id, one]));
  const looked = picture.nearest(k);
  const { lost, false: wrong } = lostAndFalse(near, looked, k, picture.rank, (id) => told.get(id)?.rank ?? 0);
  const made = looked.flatMap(({ id }) => (wrong.has(id) ? (told.get(id) ?? []) : []));
  return { lost, made, looked: looked.length };
}

/** Where the picture stood, if that is between two epochs. @param {Asked} asked @param {string} clock */
function between({ number, epoch }, clock) {
  return number === epoch
    ? ""
    : ` The picture is between two ${clock}s, at ${number.toFixed(2)}; the data is of the nearest.`;
}

// @ts-check
/**
 * `/network`: one image through the network. Epoch and image are the page's state; each change asks the server for the
 * values of all layers, one question at a time: what was asked for last is shown, and nothing in between waits.
 */

import { hasClasses } from "../data/groups.mjs";
import { saidOfNone } from "../data/epochs.mjs";
import { nearestOf, openNetwork, stepTo } from "../data/network.mjs";
import { history } from "../state/history.mjs";
import { readLink } from "../state/link.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { here } from "../core/here.mjs";
import { noUpdate, setProps } from "../core/dash.mjs";
import { reduced } from "../core/motion.mjs";
import { Page, choose, createMounts, leave, leftAt, pageNamed, tellProblem } from "../core/page.mjs";
import { forgetUnread, tellUnread } from "../core/unread.mjs";
import { createEpochSlider } from "../charts/epoch_slider.mjs";
import { createPicker } from "../network/image_picker.mjs";
import { createBlocks } from "../network/network_blocks.mjs";
import { createVerdict } from "../network/verdict.mjs";
import { saveSelection } from "./csv.mjs";
import { KEYS } from "./keys.mjs";
import { copyAddress, createRunAddress, groupAsked, selectAsked } from "./links.mjs";
import { savePage } from "./page_file.mjs";
import { createPointGroups } from "./point_groups.mjs";
import { createPlaying } from "./network_playing.mjs";
import { enrolSimply } from "./storied_simply.mjs";
import { sayUnit } from "./units.mjs";
import { announceAnew, watchRun } from "./watching.mjs";

/**
 * @typedef {import("../data/network.mjs").NetworkAnnouncement} NetworkAnnouncement
 * @typedef {import("../data/network.mjs").Passage} Passage
 * @typedef {import("../payloads.mjs").PageMount} Mount
 * @typedef {{id: number, epoch: number, selection: string}} Left what was shown of a run when the page was left, and with which selection
 */

const AROUND = 5; // epochs before and after one in which a class is learnt

/** What was shown of a run is kept under this. @param {string} run */
const keptAs = (run) => `network/${run}`;

const pages = createMounts((root, /** @type {Mount} */ mount) => new NetworkPage(root, mount));

/**
 * Show what is announced; null where there is nothing to show.
 *
 * @param {NetworkAnnouncement|null} announcement @param {Mount} mount
 * @param {unknown} _selection restored by the shell
 * @param {string|null} chosenRun the run of the page before
 */
export async function showNetwork(announcement, mount, _selection, chosenRun) {
  const root = pageNamed(mount.page);
  if (!root) return noUpdate();
  const first = !pages.has(root);
  const opening = pages.open(root, mount);
  if (first && !root.dataset.gtAskedRun && choose(mount.ids.run, chosenRun, announcement?.run)) return noUpdate(); // comes back with that run
  const page = await opening;
  if (announcement) page.show(announcement);
  else page.rest();
  return noUpdate();
}

class NetworkPage extends Page {
  /** @type {NetworkAnnouncement|null} */
  #run = null;
  /** @type {ReturnType<typeof openNetwork>|null} */
  #network = null;
  /** @type {ReturnType<typeof createBlocks>|null} */
  #blocks = null;
  /** @type {ReturnType<typeof createPicker>|null} */
  #picker = null;
  /** the point whose image it is */
  #id = -1;
  /** index into the run's epochs */
  #at = 0;
  #asking = false;
  #stale = false;
  /** whether the reader has chosen an image here */
  #byHand = false;
  #holding = false;
  #first = true;
  /** the point that the address asks for, until it is shown @type {number|null} */
  #asked = null;
  #slider;
  #verdict;
  #groups;
  #playing;
  #watching;
  #address;
  #storied;

  /** @param {HTMLElement} root @param {Mount} mount */
  constructor(root, mount) {
    super(root);
    this.mount = mount;
    this.#slider = createEpochSlider(this.part("epoch"), { seek: (at) => this.#go(Math.round(at)) });
    this.#verdict = createVerdict(this.part("chosen"));
    this.#playing = createPlaying({
      show: (index) => {
        if (!root.isConnected) return;
        this.#at = index;
        this.#ask();
      },
      changed: (on) => this.press("play", on, on ? "pause-fill" : "play-fill"),
    });
    this.#watching = watchRun(this, {
      shown: () =>
        this.#run && {
          run: this.#run.run,
          uid: this.#run.uid,
          epochs: this.#run.epochs,
          unit: this.#run.unit,
          made: "",
        },
      grow: async ({ name }) => announceAnew(mount.ids.run, name),
      newest: () => this.#at === this.run.epochs.length - 1,
      follow: () => this.#go(this.run.epochs.length - 1),
    });
    const said = () => (this.#run && this.#id >= 0 ? this.#addressed(this.#run) : null);
    this.#address = createRunAddress(this, mount.base, said, () => this.#run);
    this.#storied = enrolSimply(this, {
      name: mount.page,
      base: mount.base,
      address: this.#address,
      of: () => (root.dataset.gtShown ? this.#run : null),
      title: () => this.#title,
      alt: () => `${this.#title}. ${this.part("chosen").innerText}`,
      stage: () => this.part("blocks"),
    });
    this.actions = this.#ownActions();
    this.#groups = createPointGroups(this, () => this, {
      sources: () => null,
      changed: () => this.#run && this.#groups.refresh(),
    });
    this.hear([KEYS.play, KEYS.step, KEYS.hold, KEYS.group, KEYS.undo]);
    this.onLeave(
      onSelection(() => this.#followSelection()),
      () => this.#playing.stop(),
      () => this.#blocks?.close(),
    );
  }

  /** @param {string} action */
  possible(action) {
    return super.possible(action) && this.#run !== null;
  }
  /** What is shown. */
  get run() {
    return /** @type {NetworkAnnouncement} */ (this.#run);
  }
  get network() {
    return /** @type {ReturnType<typeof openNetwork>} */ (this.#network);
  }

  /** @returns {import("../core/page.mjs").Actions} */
  #ownActions() {
    const step = (/** @type {number} */ by) => this.#go(stepTo(this.run.epochs, this.run.available, this.#at, by));
    return {
      play: () => {
        if (this.#playing.on) return this.#playing.stop();
        const all = this.#between(0, Infinity);
        const rest = all.filter((index) => index > this.#at);
        this.#playing.play(rest.length ? [this.#at, ...rest] : all);
      },
      "step-back": () => step(-1),
      "step-on": () => step(1),
      hold: () => {
        this.#holding = !this.#holding;
        this.#blocks?.hold(this.#holding);
        this.press("hold", this.#holding, this.#holding ? "check2" : "square");
      },
      select: (_value, _button, how) => select(this.run.run, [this.#id], how),
      jump: () => this.part("chosen").scrollIntoView({ behavior: reduced() ? "auto" : "smooth" }),
      link: () => this.#copyLink(),
      csv: () => saveSelection(this.mount.ids.csv, this.run, "", this.run.epochs[this.#at]),
      file: (_, button) => savePage(this.mount.page, this.mount.base, this.#address, { run: this.run.run }, button),
      "show-me": () => this.#showMe(),
      group: (_, button) => this.#groups.make(button !== undefined),
      undo: () => history.undo(),
      redo: () => history.redo(),
    };
  }

  /** @param {number} index of an epoch */
  #go(index) {
    this.#playing.stop();
    this.#at = index;
    this.#ask();
  }

  /** @param {number} id of a point */
  #choose(id) {
    this.#byHand = true;
    this.#id = id;
    this.#ask();
  }

  /** Ask for what is to be shown now, when the last question has been answered. */
  async #ask() {
    if (!this.#run) return;
    const mine = this.#run;
    this.#slider.show(this.#at, mine.epochs[this.#at]);
    this.#watching.moved();
    if (this.#asking) {
      this.#stale = true;
      return;
    }
    this.#asking = true;
    const wanted = this.#id;
    try {
      const passage = await this.network.image(wanted, nearestOf(mine.available, mine.epochs[this.#at]));
      if (this.#run === mine && wanted === this.#id) this.#draw(passage);
    } catch (error) {
      if (this.#run === mine) this.#failed(error, mine);
    }
    this.#asking = false;
    if (!this.#stale) return this.#playing.proceed();
    this.#stale = false;
    this.#ask();
  }

  /** Say why there is no such image; one that was asked for by the address gives way to another. @param {unknown} error @param {NetworkAnnouncement} of */
  #failed(error, { run, samples }) {
    if (this.#id === this.#asked) this.#lacksPoint(error);
    else this.#fail(error);
    if (this.#id === samples[0]) return;
    const shown = this.root.dataset.gtShown?.startsWith(`${run}/`)
      ? /** @type {Left|null} */ (leftAt(keptAs(run)))
      : null;
    this.#id = shown?.id ?? samples[0];
    if (!shown) this.#stale = true;
  }

  /** The address asks for a point that cannot be shown. @param {unknown} error */
  #lacksPoint(error) {
    this.#asked = null;
    tellUnread([], [error instanceof Error ? error.message : String(error)]);
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#playing.stop();
    tellProblem(error);
  }

  /** @param {Passage} passage */
  #draw(passage) {
    if (!this.#run || !this.root.isConnected) return;
    const { run, epochs } = this.#run;
    this.#asked = null;
    this.#blocks?.show(passage);
    this.#picker?.show(passage.id);
    this.#verdict.show(passage, this.#run, this.network.thumbnails, () => passage.id === this.#id).catch(tellProblem);
    this.#sayWhence(passage);
    this.root.dataset.gtShown = `${run}/${passage.epoch}/${passage.id}`;
    leave(keptAs(run), { id: passage.id, epoch: epochs[this.#at], selection: this.#selection });
    this.#address.later();
    this.#storied.settled();
  }

  /** Of which epoch the values are, and how they were made. @param {Passage} passage */
  #sayWhence(passage) {
    const { available, epochs, origin, unit } = this.run;
    const now = epochs[this.#at];
    const other =
      nearestOf(available, now) === passage.epoch && passage.epoch !== now
        ? `There are no weights of ${unit} ${now}: this is ${unit} ${passage.epoch}, the nearest that has some.`
        : "";
    const why = passage.note && `Values as they were recorded: ${passage.note}.`;
    const note = this.part("note");
    note.dataset.gtKind = other || why ? "note" : "origin";
    note.textContent = [other, why].filter(Boolean).join(" ") || origin;
  }

  get #selection() {
    return [...selectedIds(this.#run?.run ?? "")].join();
  }

  /** The selected points that can be shown. @param {NetworkAnnouncement} of */
  #selected({ run, only }) {
    return [...selectedIds(run)].filter((id) => !only || only.includes(id));
  }

  #followSelection() {
    if (!this.#run) return;
    const ids = this.#selected(this.#run);
    this.#picker?.select(ids);
    this.enable("csv", ids.length > 0);
    this.#groups.refresh();
    if (this.#byHand || !ids.length || ids.includes(this.#id)) return;
    this.#id = ids[0];
    this.#ask();
  }

  /** Indices of the epochs that can be shown between two. @param {number} from an epoch @param {number} to */
  #between(from, to) {
    const { available, epochs } = this.run;
    return available.filter((e) => e >= from && e <= to).map((e) => epochs.indexOf(e));
  }

  /** An image of the class that is learnt late, in the epochs about that; else of what is shown, in all epochs. */
  async #showMe() {
    const mine = this.run;
    const { late, samples } = mine;
    if (!late) return this.#playing.play(this.#between(0, Infinity));
    try {
      const { ids, labels } = await this.network.thumbnails(samples);
      const one = ids[labels.indexOf(late.label)];
      if (this.#run !== mine) return;
      if (one !== undefined) this.#id = one;
      this.#byHand = true;
      this.#playing.play(this.#between(late.epoch - AROUND, late.epoch + AROUND));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What is shown, as a title. */
  get #title() {
    const { epochs, unit } = this.run;
    return `Image ${this.#id} in the network, ${unit} ${epochs[this.#at]}`;
  }
  /** What the address says. @param {NetworkAnnouncement} shown */
  #addressed({ run, epochs }) {
    return new URLSearchParams({ run, point: String(this.#id), epoch: String(epochs[this.#at]) });
  }

  #copyLink() {
    return copyAddress(this.#address, this.mount.base, this.run, "Link to this image copied");
  }

  /** Say what the address asks for and the run has not. @param {NetworkAnnouncement} of @param {ReturnType<typeof readLink>} asked */
  #tell({ epochs, unit }, { epoch, unread }) {
    const query = new URLSearchParams(here().location.search);
    const point = query.get("point");
    this.#asked = point !== null && /^\d{1,15}$/.test(point) ? Number(point) : null;
    const lack = saidOfNone(epochs, epoch, unit, false);
    tellUnread(point === null || this.#asked !== null ? unread : [...unread, "point"], lack ? [lack] : []);
  }

  /** What a link brings along beside image and epoch. @param {ReturnType<typeof readLink>} asked */
  async #takeAlong(asked) {
    const { run } = this;
    await groupAsked(this.mount.base, run, asked.groups); // before filters, which may speak of them
    if (asked.ids || asked.kept || asked.filters.length) await selectAsked(this.mount.base, run.run, asked);
  }

  /** Nothing is to be shown for now. */
  rest() {
    this.#playing.stop();
    this.#run = null;
  }

  /** @param {NetworkAnnouncement} next */
  show(next) {
    if (this.#run?.uid === next.uid && this.#run.run === next.run && this.#blocks) return this.#extend(next);
    this.#playing.stop();
    this.#blocks?.close();
    this.#run = next;
    this.#network = openNetwork(next, this.mount.base);
    this.#dress(next);
    const asked = this.#first ? readLink(here().location.search, null, []) : null;
    if (asked) this.#tell(next, asked);
    else forgetUnread();
    this.#begin(next);
    history.show(next.run);
    if (asked) this.#takeAlong(asked).catch(tellProblem);
    setProps(this.mount.ids.chosenRun, { data: next.run });
    this.#watching.now();
    this.#ask();
  }

  /** The same recording with more epochs: image, lens and blocks stay. @param {NetworkAnnouncement} next */
  #extend(next) {
    const { run } = this;
    const along = this.#at === run.epochs.length - 1 && !this.#playing.on;
    Object.assign(run, { epochs: next.epochs, available: next.available, late: next.late });
    this.#slider.setEpochs(run.epochs, run.unit);
    if (along) this.#at = run.epochs.length - 1;
    this.#slider.show(this.#at, run.epochs[this.#at]);
    this.#watching.now();
    if (along) this.#ask();
  }

  /** @param {NetworkAnnouncement} next */
  #dress(next) {
    const { network } = this;
    this.#blocks = createBlocks(this.part("blocks"), this.root, {
      layers: next.layers,
      classes: next.outputs,
      unit: next.unit,
      kernels: (layer) => network.kernels(layer, nearestOf(next.available, next.epochs[this.#at])),
    });
    if (this.#holding) this.#blocks.hold(true);
    this.#picker = createPicker(this.part("picker"), {
      classes: next.classes,
      plain: hasClasses(next),
      samples: next.samples,
      thumbnails: network.thumbnails,
      choose: (id) => this.#choose(id),
      failed: (error) => this.#fail(error),
    });
    this.#slider.setEpochs(next.epochs, next.unit);
    sayUnit(this.root, next.unit);
    this.#verdict.forget();
  }

  /** Image and epoch: those that the address asks for, else those of before, else the selection's and the last. @param {NetworkAnnouncement} next */
  #begin(next) {
    const ids = this.#selected(next);
    this.#picker?.select(ids);
    this.enable("csv", ids.length > 0);
    this.#groups.refresh();
    const before = /** @type {Left|null} */ (leftAt(keptAs(next.run)));
    const query = new URLSearchParams(this.#first ? here().location.search : "");
    const again = before && before.selection === this.#selection;
    this.#byHand = this.#asked !== null || Boolean(again);
    this.#id = this.#asked ?? (again ? before.id : (ids[0] ?? next.samples[0]));
    const epoch = query.get("epoch") ? Number(query.get("epoch")) : (before?.epoch ?? NaN);
    const last = next.available[next.available.length - 1];
    this.#at = next.epochs.indexOf(Number.isFinite(epoch) ? nearestOf(next.epochs, epoch) : last);
    this.#first = false;
  }
}

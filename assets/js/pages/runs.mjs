// @ts-check
/** `/runs`: the list kept up to date, what is done to a run, the trash, files that are dropped. */

import { el, icon, part } from "../core/dom.mjs";
import { noUpdate } from "../core/dash.mjs";
import { Page, createMounts, pageNamed, tellProblem } from "../core/page.mjs";
import { createRuns } from "../data/runs.mjs";
import { onLive } from "../state/live.mjs";
import { askDelete, askTitle } from "./runs_ask.mjs";
import { startBringing } from "./runs_bring.mjs";
import { dayText, sizeText } from "./runs_order.mjs";
import { createTable, keepFocus } from "./runs_table.mjs";

/**
 * @typedef {import("../payloads.mjs").RunsMount} RunsMount
 * @typedef {import("../payloads.mjs").ListedRun} ListedRun
 * @typedef {import("../payloads.mjs").RunDetails} RunDetails
 */

const DETAILS_MS = 5000; // at least between two looks into all folders ...
const DETAILS_SHARE = 20; // ... and so many times what one took: a slow disk has other things to do
const AGED_MS = 60000; // after which what was written some minutes ago was so longer ago

class Runs extends Page {
  /** @type {Record<string, RunDetails>} by key */
  details = {};
  #lookAgain = -Infinity; // not before
  #later = 0;
  #round = 0;

  /** @param {HTMLElement} root @param {RunsMount} mount */
  constructor(root, mount) {
    super(root);
    this.list = mount.list;
    this.server = createRuns(mount.base);
    this.table = createTable(part(root, "runs-tools"), part(root, "runs-list"), {
      rename: (run) => void this.rename(run),
      remove: (run) => void this.remove(run),
    });
    this.show();
    if (!mount.list.read_only && mount.list.into !== null) startBringing(root, part(root, "runs-bring"), mount, (end) => this.onLeave(end)); // prettier-ignore
    const aging = window.setInterval(() => this.show(), AGED_MS);
    this.onLeave(
      onLive(() => void this.renew()),
      () => clearInterval(aging),
      () => clearTimeout(this.#later),
    );
    this.#look();
  }

  show() {
    this.table.show(this.list, this.details);
    this.#showTrash();
  }

  #showTrash() {
    const box = part(this.root, "runs-trash");
    const { trash, read_only: readOnly } = this.list;
    const open = box.querySelector("details")?.open ?? false;
    const said = JSON.stringify([trash, readOnly]);
    if (box.dataset.gtSaid === said) return;
    box.dataset.gtSaid = said;
    box.hidden = !trash.length;
    const entries = trash.map((one) => {
      const back = el("button", { type: "button", class: "btn btn-sm gt-button gt-bordered" }, "Put back");
      back.setAttribute("aria-label", `Put back ${one.title}`);
      back.addEventListener("click", () => void this.restore(one.key, one.title));
      return el("li", {}, el("span", { class: "gt-runs-name" }, one.title), el("span", { class: "gt-hint" }, `until ${dayText(one.until)}`), readOnly ? null : back); // prettier-ignore
    });
    const details = el("details", { open }, el("summary", {}, `Trash: ${trash.length === 1 ? "1 run" : `${trash.length} runs`}`), el("ul", {}, ...entries)); // prettier-ignore
    keepFocus(box, () => box.replaceChildren(...(trash.length ? [details] : [])));
  }

  /** Ask for the list once more: something has changed. Of answers that overtake each other the last question's counts. */
  async renew() {
    const mine = ++this.#round;
    try {
      const list = await this.server.list();
      if (mine !== this.#round || !this.root.isConnected) return;
      this.list = list;
      this.show();
      this.#look();
    } catch (error) {
      if (!(error instanceof TypeError)) tellProblem(error); // a server that is gone is told by the shell
    }
  }

  /** Look into the folders, behind what is shown, and not all the time. */
  #look() {
    if (this.#later) return;
    const wait = Math.max(0, this.#lookAgain - performance.now());
    this.#later = window.setTimeout(async () => {
      const begun = performance.now();
      try {
        this.details = (await this.server.details()).of;
      } catch (error) {
        if (!(error instanceof TypeError)) tellProblem(error);
      }
      const took = performance.now() - begun;
      this.#lookAgain = performance.now() + Math.max(DETAILS_MS, DETAILS_SHARE * took);
      this.#later = 0;
      if (this.root.isConnected) this.show();
    }, wait);
  }

  /** @param {ListedRun} run */
  async rename(run) {
    let title = "";
    const done = await askTitle(run, async (typed) => ({ title } = await this.server.rename(run, typed)));
    if (done) {
      await this.renew();
      this.say(`It is called “${title}” now.`);
    }
  }

  /** @param {ListedRun} run */
  async remove(run) {
    const size = this.details[run.key]?.size;
    let key = "";
    const done = await askDelete(run, size === undefined ? "" : sizeText(size), async () => ({ key } = await this.server.remove(run))); // prettier-ignore
    if (!done) return;
    await this.renew();
    const undo = el("button", { type: "button", class: "btn btn-sm gt-button gt-bordered" }, icon("arrow-90deg-left"), "Undo"); // prettier-ignore
    undo.addEventListener("click", () => void this.restore(key, run.title));
    this.say(`“${run.title}” is in the trash.`, undo);
    undo.focus();
  }

  /** @param {string} key @param {string} title */
  async restore(key, title) {
    try {
      await this.server.restore(key);
      await this.renew();
      this.say(`“${title}” is back.`);
    } catch (error) {
      tellProblem(error);
      await this.renew();
    }
    if (document.activeElement === document.body) this.table.field.focus();
  }

  /** Say what was done, where it is heard too. @param {string} text @param {HTMLElement} [more] */
  say(text, more) {
    const close = el("button", { type: "button", class: "btn btn-sm gt-button", title: "Close", "aria-label": "Close" }, icon("x-lg")); // prettier-ignore
    const note = el("p", { class: "gt-runs-note" }, el("span", {}, text), ...(more ? [more] : []), close);
    close.addEventListener("click", () => {
      note.remove();
      this.table.field.focus();
    });
    part(this.root, "runs-said").replaceChildren(note);
  }
}

const pages = createMounts((root, /** @type {RunsMount} */ mount) => new Runs(root, mount));

/** @param {RunsMount} mount */
export async function showRuns(mount) {
  const root = pageNamed("runs");
  if (root && !pages.has(root)) await pages.open(root, mount);
  return noUpdate();
}

// @ts-check
/** Files that are dropped, or chosen: sent piece by piece, looked at, and made a run when the reader says so. */

import { el, icon } from "../core/dom.mjs";
import { goTo } from "../core/go_to.mjs";
import { createUploads } from "../data/runs.mjs";
import { createPreview } from "./runs_preview.mjs";
import { sizeText } from "./runs_order.mjs";

/** @typedef {import("../payloads.mjs").RunsMount} RunsMount */

const KEEP_MS = 60000; // between two signs that somebody looks at what is in it: without, the server lets go of it
const POLL_MS = 250; // between two questions how far the writing is

/**
 * @param {HTMLElement} root of the page @param {HTMLElement} zone where files are dropped @param {RunsMount} mount
 * @param {(end: () => void) => void} onLeave
 */
export function startBringing(root, zone, mount, onLeave) {
  const input = el("input", { type: "file", multiple: true, class: "visually-hidden", tabIndex: -1 });
  input.setAttribute("aria-hidden", "true");
  input.accept = mount.endings.join(",");
  const button = el("button", { type: "button", class: "btn btn-sm btn-primary" }, icon("upload"), "Bring a file…");
  button.addEventListener("click", () => input.click());
  const limit = sizeText(mount.largest);
  zone.append(
    input,
    button,
    el("span", {}, "or drop one here, or several that are epochs."),
    el("span", { class: "gt-hint" }, `${mount.endings.join(" ")}; up to ${limit}. Nothing is written before you have seen what is in it.`), // prettier-ignore
  );
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length) new Bringing(mount, files);
  });

  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  const over = (/** @type {DragEvent} */ event) => {
    if (!hasFiles(event)) return;
    event.preventDefault(); // else the browser leaves the page for the file
    zone.toggleAttribute("data-gt-over", root.contains(/** @type {Node} */ (event.target)));
  };
  const leave = (/** @type {DragEvent} */ event) => {
    if (event.relatedTarget === null) zone.removeAttribute("data-gt-over");
  };
  const drop = (/** @type {DragEvent} */ event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    zone.removeAttribute("data-gt-over");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length && !document.querySelector("dialog[open]")) new Bringing(mount, files);
  };
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", leave);
  document.addEventListener("drop", drop);
  onLeave(() => {
    document.removeEventListener("dragover", over);
    document.removeEventListener("dragleave", leave);
    document.removeEventListener("drop", drop);
  });
}

/**
 * The dialog, opened.
 *
 * @param {string} name of what is brought @param {HTMLElement} preview @param {() => void} add @param {() => void} closed
 */
function openDialog(name, preview, add, closed) {
  const before = /** @type {HTMLElement|null} */ (document.activeElement);
  const said = el("p", { class: "gt-bring-said", role: "status" });
  const bar = el("progress", { class: "gt-take-progress", "aria-label": "Progress" });
  const problem = el("p", { class: "gt-problem", role: "alert", hidden: true });
  const into = el("span", { class: "gt-hint" });
  const cancel = el("button", { type: "button", class: "btn btn-sm gt-button gt-bordered" }, "Cancel");
  const go = el("button", { type: "submit", class: "btn btn-sm btn-primary", disabled: true }, "Add");
  const end = el("div", { class: "gt-ask-end" }, into, cancel, go);
  const form = el("form", { class: "gt-bring-form" }, el("h2", {}, name), said, bar, problem, preview, end);
  const dialog = el("dialog", { class: "gt-ask gt-bring", "aria-label": `Bring ${name}` }, form);
  const shut = () => dialog.close();
  cancel.addEventListener("click", shut);
  addEventListener("popstate", shut);
  dialog.addEventListener("close", () => {
    removeEventListener("popstate", shut);
    dialog.remove();
    closed();
    if (before?.isConnected) before.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!go.disabled) add();
  });
  document.body.append(dialog);
  dialog.showModal();
  cancel.focus();
  return { said, bar, problem, into, add: go, shut };
}

/** One upload, from the first byte to the run, or to its end. */
class Bringing {
  #upload = "";
  #call = new AbortController(); // the request that is under way
  #ended = false;
  #writing = false;
  #asked = ""; // how it was asked to be read last ...
  #seen = ""; // ... and how it was read when it was shown

  /** @param {RunsMount} mount @param {File[]} files */
  constructor(mount, files) {
    this.base = mount.base;
    this.server = createUploads(mount.base);
    this.preview = createPreview(() => this.#asked !== JSON.stringify(this.preview.choices()) && void this.look());
    this.preview.root.hidden = true;
    const name = files.length === 1 ? files[0].name : `${files.length} files`;
    this.ui = openDialog(name, this.preview.root, () => void this.#write(), () => this.#end()); // prettier-ignore
    addEventListener("pagehide", this.#left);
    this.keeping = window.setInterval(() => {
      if (this.#upload && !this.#writing) this.server.state(this.#upload).catch(() => {});
    }, KEEP_MS);
    void this.#send(files, mount.largest);
  }

  /** The tab is closed, or goes elsewhere. */
  #left = () => {
    if (this.#upload) this.server.leave(this.#upload);
  };

  /** Nothing of it is to be left. */
  #end() {
    if (this.#ended) return;
    this.#ended = true;
    removeEventListener("pagehide", this.#left);
    clearInterval(this.keeping);
    this.#call.abort();
    if (this.#upload) this.server.cancel(this.#upload).catch(() => {}); // the server forgets it by itself, too
  }

  /** @param {File[]} files @param {number} largest */
  async #send(files, largest) {
    const of = files.reduce((sum, { size }) => sum + size, 0);
    if (of > largest) return this.#fail(`${sizeText(largest)} can be brought in a browser, this is ${sizeText(of)}; copy it to the server and open it there.`); // prettier-ignore
    this.#tell(`Sending ${sizeText(of)}`, 0, of);
    try {
      await this.server.send(files, {
        signal: this.#call.signal,
        begun: (upload) => {
          this.#upload = upload;
          if (this.#ended) this.server.cancel(upload).catch(() => {});
        },
        progress: (sent) => this.#tell(`Sending: ${sizeText(sent)} of ${sizeText(of)}`, sent, of),
      });
      await this.look();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** See what is in it, with what is chosen now; a look that was under way is called off. */
  async look() {
    if (!this.#upload || this.#ended || this.#writing) return;
    this.#call.abort();
    const call = (this.#call = new AbortController());
    const choices = this.preview.choices();
    this.#asked = JSON.stringify(choices);
    this.ui.add.disabled = true;
    this.#tell("Reading");
    this.preview.busy(true);
    try {
      const seen = await this.server.look(this.#upload, choices, call.signal);
      if (this.#ended || call !== this.#call) return;
      this.#seen = this.#asked;
      this.ui.problem.hidden = true;
      this.preview.show(seen);
      this.ui.into.textContent = `It goes into the folder “${seen.into}”.`;
      this.ui.add.disabled = false;
    } catch (error) {
      if (this.#ended || call !== this.#call) return;
      this.preview.clear();
      this.#say(error);
    }
    this.preview.root.hidden = false;
    this.preview.busy(false);
    this.ui.said.textContent = this.ui.add.disabled ? "" : "This is what is in it. Nothing is written yet.";
    this.ui.bar.hidden = true;
  }

  async #write() {
    if (this.#seen !== JSON.stringify(this.preview.choices())) return this.look(); // it was not seen like this
    this.#writing = true;
    this.ui.add.disabled = true;
    this.ui.problem.hidden = true;
    this.preview.root.inert = true;
    this.#tell("Writing");
    try {
      await this.server.add(this.#upload, this.preview.choices(), this.preview.title());
      for (;;) {
        const state = await this.server.state(this.#upload);
        if (this.#ended) return;
        if (state.phase === "done") return this.#open(state.run);
        if (state.phase === "failed") throw new Error(state.said);
        if (state.total > 1) this.#tell(`Writing: ${state.said}`, state.done, state.total);
        else this.#tell(state.said || "Writing");
        await new Promise((go) => setTimeout(go, POLL_MS));
      }
    } catch (error) {
      if (this.#ended) return;
      this.#writing = false;
      this.preview.root.inert = false;
      this.ui.add.disabled = false;
      this.ui.bar.hidden = true;
      this.ui.said.textContent = "Nothing was written.";
      this.#say(error);
    }
  }

  /** @param {string} run */
  #open(run) {
    this.ui.shut(); // which lets go of the files that were sent
    goTo(`${this.base}grand-tour?run=${encodeURIComponent(run)}`);
  }

  /** @param {string} text @param {number} [done] @param {number} [of] */
  #tell(text, done, of) {
    this.ui.said.textContent = text;
    this.ui.bar.hidden = false;
    if (done === undefined || of === undefined) this.ui.bar.removeAttribute("value");
    else [this.ui.bar.max, this.ui.bar.value] = [of, done];
  }

  /** @param {unknown} error */
  #say(error) {
    this.ui.problem.textContent = error instanceof Error ? error.message : String(error);
    this.ui.problem.hidden = false;
  }

  /** It cannot go on. @param {unknown} error */
  #fail(error) {
    if (this.#ended || (error instanceof DOMException && error.name === "AbortError")) return;
    this.#say(error);
    this.ui.said.textContent = "Nothing was written.";
    this.ui.bar.hidden = true;
  }
}

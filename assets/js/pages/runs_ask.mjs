// @ts-check
/** Questions before something is done to a run: real dialogs, which Esc closes and which give the focus back. */

import { el } from "../core/dom.mjs";

/**
 * @typedef {object} Asked
 * @property {string} title
 * @property {(Node|string)[]} body
 * @property {string} does the word on the button that does it
 * @property {boolean} [grave] whether something is taken away
 * @property {() => Promise<unknown>} act what it does; what it throws is said in the dialog, which stays
 */

/** @param {Asked} asked @returns {Promise<boolean>} whether it was done */
export function ask({ title, body, does, grave = false, act }) {
  const before = /** @type {HTMLElement|null} */ (document.activeElement);
  const problem = el("p", { class: "gt-problem", role: "alert", hidden: true });
  const cancel = el("button", { type: "button", class: "btn btn-sm gt-button gt-bordered" }, "Cancel");
  const go = el("button", { type: "submit", class: `btn btn-sm ${grave ? "btn-danger" : "btn-primary"}` }, does);
  const form = el(
    "form",
    { method: "dialog", class: "gt-ask-form" },
    el("h2", {}, title),
    ...body,
    problem,
    el("div", { class: "gt-ask-end" }, cancel, go),
  );
  const dialog = el("dialog", { class: "gt-ask", "aria-label": title }, form);
  document.body.append(dialog);

  return new Promise((resolve) => {
    let done = false;
    cancel.addEventListener("click", () => dialog.close());
    const shut = () => dialog.close();
    addEventListener("popstate", shut);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (go.disabled) return;
      go.disabled = true;
      problem.hidden = true;
      try {
        await act();
        done = true;
        dialog.close();
      } catch (error) {
        problem.textContent = error instanceof Error ? error.message : String(error);
        problem.hidden = false;
        go.disabled = false;
      }
    });
    dialog.addEventListener("close", () => {
      removeEventListener("popstate", shut);
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(done);
    });
    dialog.showModal();
    const field = /** @type {HTMLInputElement|null} */ (form.querySelector("input"));
    if (field) field.select();
    else cancel.focus(); // what takes something away is not one key away
  });
}

/**
 * @param {import("../payloads.mjs").ListedRun} run
 * @param {(title: string) => Promise<unknown>} rename
 */
export function askTitle(run, rename) {
  const field = el("input", { class: "form-control", value: run.title, maxLength: 1000, autocomplete: "off" });
  field.setAttribute("aria-label", "Title");
  return ask({
    title: "Rename",
    body: [
      el("label", { class: "gt-ask-field" }, el("span", {}, "Title"), field),
      el("p", { class: "gt-hint" }, `Its folder stays ${run.folder}, so links to it still lead here.`),
    ],
    does: "Rename",
    act: () => rename(field.value),
  });
}

/**
 * @param {import("../payloads.mjs").ListedRun} run @param {string} size "" while it is not known
 * @param {() => Promise<unknown>} remove
 */
export const askDelete = (run, size, remove) =>
  ask({
    title: "Delete this run?",
    body: [
      el("p", {}, el("strong", {}, run.title), size ? `, ${size},` : "", " goes to the trash, with all that is kept in its folder."),
      el("p", { class: "gt-hint" }, "It can be put back for a week, and is then gone for good."),
    ], // prettier-ignore
    does: "Delete",
    grave: true,
    act: remove,
  });

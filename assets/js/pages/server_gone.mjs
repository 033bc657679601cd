// @ts-check
/**
 * Says when the server does not answer any more: what is shown stays, but nothing new can come.
 *
 * Dash says nothing of that by itself. A request that got no answer leaves a resource timing without a status; so do
 * requests that a page calls off, so the server is asked once more before anything is said, and then until it is back.
 */

import { el } from "../core/dom.mjs";

const AGAIN_MS = 3000;
/** Something that the server has for certain, whose head is asked for: this file, or the one it came in. */
const PROBE = `${import.meta.url}?there`;

/** @param {HTMLElement} bar the notice comes below it */
export function watchServer(bar) {
  let asking = false;
  const reload = el(
    "button",
    { type: "button", class: "btn btn-sm gt-button gt-gone-reload", onclick: () => location.reload() },
    "Reload",
  );
  const text = el("span");
  const notice = el("div", { class: "gt-gone", role: "alert", hidden: true }, text, reload);
  bar.after(notice);

  async function ask() {
    if (asking) return;
    asking = true;
    const answered = await fetch(PROBE, { method: "HEAD", cache: "no-store" }).then(
      () => true,
      () => false,
    );
    asking = false;
    if (answered && notice.hidden) return;
    text.textContent = answered
      ? "The server is back. What was asked of it in the meantime is lost: reload the page."
      : "The server does not answer. What is shown stays, but nothing new can come: start it again, or look to the network.";
    notice.hidden = false;
    if (!answered) setTimeout(ask, AGAIN_MS);
  }

  new PerformanceObserver((list) => {
    const lost = /** @type {PerformanceResourceTiming[]} */ (list.getEntries()).some(
      ({ name, initiatorType, responseStatus }) =>
        initiatorType === "fetch" && responseStatus === 0 && name !== PROBE && new URL(name).origin === location.origin,
    );
    if (lost) ask();
  }).observe({ type: "resource" });
}

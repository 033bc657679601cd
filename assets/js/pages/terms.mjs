// @ts-check
/**
 * What a term means: one sentence and a link, beside whatever carries `data-gt-term`. It comes while the pointer rests there,
 * with the focus, and at a touch; it stays while the pointer is on it, Esc puts it away, Tab leads to its link and on.
 */

import { el } from "../core/dom.mjs";
import { placeBeside } from "../core/popover.mjs";

const WAIT_MS = 350; // that the pointer rests, before the sentence comes
const LEAVE_MS = 200; // to get from the term to the sentence

/** @typedef {import("../payloads.mjs").Term} Term */

/** The box of a sentence. @param {string|null} base address of the app, ending in a slash; null where there is none to lead to */
function createBox(base) {
  const title = el("strong", {});
  const sentence = el("span", {});
  const link = el("a", {});
  const box = el("div", { class: "gt-popover gt-term-box", id: "gt-term-box", role: "tooltip", popover: "manual" }, title, sentence, link); // prettier-ignore
  return {
    box,
    link,
    /** @param {Term} term @param {string} says what its element does, if it does something */
    fill(term, says) {
      title.textContent = says || term.title;
      sentence.textContent = term.sentence;
      link.hidden = base === null;
      if (base !== null) link.href = base + term.link;
      link.textContent = term.more;
    },
  };
}

/** @param {Record<string, Term>} terms @param {string|null} base address of the app, ending in a slash; null where there is none to lead to */
export function startTerms(terms, base) {
  const { box, link, fill } = createBox(base);
  document.body.append(box);
  /** @type {HTMLElement|null} whose sentence is shown */
  let shown = null;
  let [timer, title] = [0, ""];

  /** @param {EventTarget|null} target @returns {HTMLElement|null} */
  const termAt = (target) => (target instanceof Element ? target.closest("[data-gt-term]") : null);
  const known = (/** @type {HTMLElement|null} */ of) => (of ? terms[of.dataset.gtTerm ?? ""] : undefined);

  function hide() {
    clearTimeout(timer);
    if (!shown) return;
    if (title) shown.title = title;
    shown.removeAttribute("aria-describedby");
    shown = null;
    box.hidePopover();
  }
  /** @param {HTMLElement} of */
  function show(of) {
    const term = known(of);
    if (!term || shown === of) return;
    hide();
    [shown, title] = [of, of.title];
    of.title = ""; // the browser's own would lie over it
    of.setAttribute("aria-describedby", box.id);
    fill(term, title);
    box.showPopover();
    placeBeside(box, of, "below");
  }
  /** @param {() => void} act @param {number} ms */
  function later(act, ms) {
    clearTimeout(timer);
    timer = window.setTimeout(act, ms);
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const of = termAt(event.target);
    if (of && of !== shown) later(() => of.isConnected && show(of), WAIT_MS);
    else if (of || box.contains(/** @type {Node} */ (event.target))) clearTimeout(timer);
    else if (shown && !shown.matches(":focus-visible") && !box.contains(document.activeElement)) later(hide, LEAVE_MS);
    else if (!shown) clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const of = termAt(event.target);
    if (of && /** @type {Element} */ (event.target).matches(":focus-visible")) show(of);
    else if (!box.contains(/** @type {Node} */ (event.target))) hide();
  });
  document.addEventListener("click", (event) => {
    const of = termAt(event.target);
    const touched = /** @type {PointerEvent} */ (event).pointerType === "touch";
    if (of && (touched || of.classList.contains("gt-term"))) show(of);
    else if (!box.contains(/** @type {Node} */ (event.target)) || event.target === link) hide();
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (!shown) return;
      if (event.key === "Escape") {
        const back = box.contains(document.activeElement) ? shown : null;
        hide();
        back?.focus();
        return event.stopImmediatePropagation(); // Esc clears a selection otherwise
      }
      if (event.key !== "Tab" || link.hidden) return;
      const inside = document.activeElement === link;
      if (!inside && (event.shiftKey || !shown.contains(document.activeElement))) return;
      if (inside)
        focusable(shown)?.focus(); // and on from there, or back to it
      else link.focus();
      if (!inside || event.shiftKey) event.preventDefault();
      else hide();
    },
    true,
  );
  addEventListener("scroll", hide, true);
}

/** What of a term's element has the keys. @param {HTMLElement} of @returns {HTMLElement|null} */
const focusable = (of) => (of.matches("button, a, select, input, summary") ? of : of.querySelector("button, a, select, input")); // prettier-ignore

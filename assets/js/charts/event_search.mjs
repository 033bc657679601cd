// @ts-check
/** Very many events: a search, and a list of which only the rows in view are in the page. */

import { count, el, icon } from "../core/dom.mjs";
import { follow } from "../core/follow.mjs";
import { createLongList, search } from "../core/long_list.mjs";

const ROW = 52; // px
const FEW = 12; // classes of an event that its search knows by their whole names

/**
 * What a search looks in: the title, which has long names cut, and the whole names of its classes.
 *
 * @param {import("../payloads.mjs").ListedEvent} event @param {readonly string[]} names of all classes
 */
export const soughtIn = ({ title, classes }, names) =>
  classes.length > FEW ? title : [title, ...classes.map((c) => names[c])].join(" ");

/**
 * @param {HTMLElement} box
 * @param {import("../payloads.mjs").TrainingReport} report
 * @param {object} given each of an event's place in the list
 * @param {(at: number) => string} given.href where it is seen
 * @param {(at: number) => boolean} given.pressed whether just its points are selected
 */
export function createEventSearch(box, { listed, classes, unit, events_in_all: all }, { href, pressed }) {
  const field = el("input", {
    type: "search", class: "form-control form-control-sm", placeholder: `Find one of ${count(listed.length)} events`,
    "aria-label": "Search the events", autocomplete: "off", spellcheck: false, oninput: () => find(),
  }); // prettier-ignore
  const told = el("p", { class: "gt-hint", role: "status" });
  const scroll = el("div", { class: "gt-event-list" });
  box.replaceChildren(field, told, scroll);
  const sought = listed.map((one) => soughtIn(one, classes));
  let shown = [...listed.keys()];
  const list = createLongList(scroll, {
    height: ROW,
    label: "Events",
    make(row) {
      const at = shown[row];
      const { title, text } = listed[at];
      const open = (/** @type {MouseEvent} */ event) => follow(event, href(at));
      const what = `Select these points, and go to the ${unit} on this page`;
      const select = el("button", {
        type: "button", class: "btn btn-sm gt-button", title: what, "aria-label": `${title}: ${what}`,
        "data-gt-action": "select-event", "data-gt-value": String(at), "aria-pressed": String(pressed(at)),
      }, icon("bullseye")); // prettier-ignore
      const link = el("a", { href: "", title, onclick: open }, title);
      link.addEventListener("pointerdown", () => (link.href = href(at))); // for a tab of its own
      link.addEventListener("focus", () => (link.href = href(at)));
      return el("div", { class: "gt-event-row" }, el("div", {}, link, el("p", { title: text }, text)), select);
    },
  });

  function find() {
    shown = search(sought, field.value.trim());
    list.show(shown.length);
    const rest = all > listed.length ? `; ${count(all - listed.length)} more, in which they moved less far, are not listed` : ""; // prettier-ignore
    const those = shown.length === listed.length ? count(listed.length) : `${count(shown.length)} of ${count(listed.length)}`; // prettier-ignore
    told.textContent = shown.length
      ? `${those} events, those first in which points moved farthest${rest}`
      : "No event says so.";
  }
  find();
}

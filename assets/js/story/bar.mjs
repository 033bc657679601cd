// @ts-check
/** The bar of a story below the page: title and sentence of the view, the way back and on, a dot for each view. */

import { el, icon } from "../core/dom.mjs";

const DOTS = 24; // views of which each has a dot; of more only the count is said

/**
 * @typedef {import("../payloads.mjs").StoryData} StoryData
 * @typedef {object} Does
 * @property {(to: number) => void} go to the view of an index
 * @property {() => void} close @property {((on: boolean) => void)|null} edit null where nothing can be changed
 * @property {HTMLElement} editing what the bar has for changing a view
 */

/** @param {string} icon_ @param {string} title @param {() => void} act */
function button(icon_, title, act) {
  const one = el("button", { type: "button", class: "btn btn-sm gt-button", title, "aria-label": title.replace(/ \(.*/, "") }, icon(icon_)); // prettier-ignore
  one.addEventListener("click", act);
  return one;
}

/** @param {Does} does */
export function createBar({ go, close, edit, editing }) {
  let at = 0;
  const back = button("skip-start-fill", "The view before (Page Up)", () => go(at - 1));
  const on = button("skip-end-fill", "The next view (Page Down)", () => go(at + 1));
  const counted = el("span", { class: "gt-story-count" });
  const dots = el("div", { class: "gt-story-dots", role: "group", "aria-label": "Views" });
  const title = el("strong", { class: "gt-story-title" });
  const text = el("span", { class: "gt-story-text" });
  const said = el("span", { class: "gt-story-problem", role: "status" });
  const words = el("div", { class: "gt-story-words" }, el("p", {}, title, " ", text), said);
  const more = createMore(words);
  const change = button("pencil", "Change this view", () => edit?.(change.getAttribute("aria-pressed") !== "true"));
  change.hidden = edit === null;
  const end = button("x-lg", "Leave the story (Esc)", close);
  const bar = el("section", { class: "gt-story-bar" },
    el("div", { class: "gt-story-way" }, back, counted, on, dots), words, more.button, editing, el("div", { class: "gt-story-ends" }, change, end)); // prettier-ignore
  words.tabIndex = 0; // a long sentence is scrolled by keys too
  words.setAttribute("role", "group");

  return {
    /** @param {StoryData} story @param {number} index of the view @param {boolean} changing */
    show(story, index, changing) {
      at = index;
      const { views } = story;
      const view = views[index];
      bar.setAttribute("aria-label", `Story: ${story.title}`);
      words.setAttribute("aria-label", `View ${index + 1} of ${views.length}`);
      title.textContent = view?.title ?? "No view yet";
      text.textContent = view?.text ?? "";
      counted.textContent = `${index + 1} / ${views.length}`;
      back.disabled = index <= 0;
      on.disabled = index >= views.length - 1;
      said.textContent = "";
      change.setAttribute("aria-pressed", String(changing));
      editing.hidden = !changing;
      dots.hidden = views.length > DOTS || views.length < 2;
      dots.replaceChildren(...(dots.hidden ? [] : views.map((one, i) => dot(one, i, index, go))));
      if (!bar.isConnected) document.body.append(bar);
      document.documentElement.toggleAttribute("data-gt-story", true);
      more.anew();
    },
    /** Say what cannot be shown; "" for nothing. @param {string} problem */
    say(problem) {
      said.textContent = problem;
      more.look();
    },
    hide() {
      const had = bar.contains(document.activeElement);
      bar.remove();
      document.documentElement.removeAttribute("data-gt-story");
      if (had) /** @type {HTMLElement|null} */ (document.getElementById("gt-content"))?.focus();
    },
  };
}

/** What shows the rest of words that the bar has no room for. @param {HTMLElement} words */
function createMore(words) {
  const button = el("button", { type: "button", class: "btn btn-sm gt-button gt-bordered gt-story-more" });
  let whole = false;
  const look = () => {
    words.toggleAttribute("data-gt-whole", whole);
    const cut = words.scrollHeight > words.clientHeight + 1;
    button.hidden = !whole && !cut;
    button.textContent = whole ? "Less" : "More";
    button.setAttribute("aria-expanded", String(whole));
  };
  button.addEventListener("click", () => {
    whole = !whole;
    look();
  });
  new ResizeObserver(look).observe(words);
  return {
    button,
    look,
    /** The words are others now. */
    anew() {
      whole = false;
      words.scrollTop = 0;
      look();
    },
  };
}

/** @param {{title: string}} view @param {number} i @param {number} index of the one that is shown @param {(to: number) => void} go */
function dot(view, i, index, go) {
  const one = el("button", { type: "button", class: "gt-story-dot", title: view.title, "aria-label": `View ${i + 1}: ${view.title}` }); // prettier-ignore
  if (i === index) one.setAttribute("aria-current", "true");
  one.addEventListener("click", () => go(i));
  return one;
}

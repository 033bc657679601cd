// @ts-check
/** The dialog in which a picture, or a video, is chosen and saved. What is shown on the page stands still meanwhile. */

import { el, icon } from "../core/dom.mjs";
import { leave, leftAt } from "../core/page.mjs";
import { segments } from "./fields.mjs";
import { filmForm } from "./film_form.mjs";
import { pictureForm } from "./picture_form.mjs";

const NAME = "picture"; // under which it is kept how it was left

/**
 * @typedef {import("./take.mjs").Taken} Taken
 * @typedef {object} Given
 * @property {Taken} taken @property {import("./film.mjs").Film|null} film null where nothing can move
 * @property {() => unknown} closed
 * @typedef {object} Form what one of its halves is
 * @property {HTMLElement} root @property {() => void} show bring its preview up to date @property {() => object} left what is to be kept of it
 * @property {() => void} stop end what is under way
 */

/** Show it. @param {Given} given */
export function openTaking({ taken, film, closed }) {
  const before = leftAt(NAME) ?? {};
  const preview = el("canvas", { class: "gt-take-preview", role: "img", "aria-label": `Preview: ${taken.caption()}` });
  const picture = pictureForm(taken, preview, before.picture);
  const movie = film && filmForm(taken, film, preview, before.film);
  const which = segments("What to save", [["picture", "Picture"], ["film", "Video"]], before.which === "film" && movie ? "film" : "picture", showForm); // prettier-ignore
  const close = el("button", { type: "button", class: "btn btn-sm gt-button", title: "Close (Esc)", "aria-label": "Close" }, icon("x-lg")); // prettier-ignore
  const head = el(
    "div",
    { class: "gt-take-head" },
    el("h2", {}, "Take a picture away"),
    movie ? which.box : null,
    close,
  );
  const forms = el("div", { class: "gt-take-forms" }, picture.root, movie ? movie.root : null);
  const dialog = el("dialog", { class: "gt-take", "aria-label": "Take a picture away" }, head, el("div", { class: "gt-take-body" }, preview, forms)); // prettier-ignore

  /** @param {string} value */
  function showForm(value) {
    const shown = value === "film" && movie ? movie : picture;
    picture.root.hidden = shown !== picture;
    if (movie) movie.root.hidden = shown !== movie;
    if (shown === picture) movie?.stop();
    shown.show();
  }

  const shut = () => dialog.close();
  close.addEventListener("click", shut);
  dialog.addEventListener(
    "click",
    (event) => event.target === dialog && !dialog.hasAttribute("data-gt-busy") && shut(),
  );
  addEventListener("popstate", shut);
  dialog.addEventListener("close", () => {
    leave(NAME, { which: which.value, picture: picture.left(), film: movie?.left() ?? before.film });
    movie?.stop();
    removeEventListener("popstate", shut);
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
  showForm(which.value);
}

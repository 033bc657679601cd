// @ts-check
/** A page that is in a file as pictures, one a view of a story. */

import { el, part } from "../core/dom.mjs";
import { here } from "../core/here.mjs";
import { readStory, storyAt } from "../state/story_at.mjs";
import { enrol } from "../story/shown.mjs";

/**
 * @param {HTMLElement} root
 * @param {{page: string, of: {run: string, uid: string, title: string}}} mount
 * @param {Record<string, {title: string, picture: string, alt: string}>} shown by the numbers of the views
 */
export async function open(root, mount, shown) {
  const box = part(root, "pictured");
  const show = () => {
    const at = storyAt()?.at ?? readStory(here().location.search)?.at;
    const view = shown[String(at)] ?? Object.values(shown)[0];
    const missing = el("p", { class: "gt-none" }, "This view was kept without a picture.");
    box.replaceChildren(view.picture ? el("img", { src: view.picture, alt: view.alt || view.title }) : missing);
  };
  show();
  const enrolled = enrol({
    page: mount.page,
    root,
    of: () => mount.of,
    query: async () => here().location.search.slice(1),
    said: () => ({ title: mount.of.title, alt: "" }),
    canvases: () => [],
    becomes: () => true,
    become: async () => show(),
  });
  enrolled.settled();
}

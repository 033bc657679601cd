// @ts-check
/** A page that is in a file: it is told what it shows, has that in the file, and starts as it does in the app. */

import { el } from "../core/dom.mjs";
import { elements, pageNamed, tellProblem } from "../core/page.mjs";
import { inspect } from "../core/registry.mjs";
import { followOtherTabs } from "../state/kept_groups.mjs";
import { tellLive } from "../state/live.mjs";
import { webglAvailable } from "../gl/scene.mjs";
import { startBar } from "../pages/bar.mjs";
import { sayNoWebgl } from "../pages/notices.mjs";
import { startTerms } from "../pages/terms.mjs";
import { hold } from "./ask.mjs";
import { beginWith, hasAddress } from "./here.mjs";
import { speakWithHost } from "./host.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {typeof import("../pages/tour_page.mjs").TourPage} Kind of page
 * @typedef {object} Said what stands in the file
 * @property {import("../payloads.mjs").PageMount} mount
 * @property {Announcement} announcement
 * @property {import("./ask.mjs").Held} held
 * @property {Record<string, import("../payloads.mjs").Term>} terms
 * @property {string} query how it begins where its address does not say
 */

const SAID = "gt-said"; // id of the element with what the file says

/** @param {Kind} kind */
export async function startAlone(kind) {
  /** @type {Said} */
  const said = JSON.parse(document.getElementById(SAID)?.textContent ?? "null");
  const { mount, announcement: run } = said;
  hold(said.held);
  beginWith(said.query);
  Object.assign(window, { grandTour: { inspect } }); // for who has this page in a frame, and for tests
  const root = /** @type {HTMLElement} */ (pageNamed(mount.page));
  frame(root, said);
  /** @type {HTMLElement} */ (root.closest(".gt-app")).hidden = false;
  const last = run.epochs[run.epochs.length - 1];
  const there = { name: run.run, title: run.title, uid: run.uid, epochs: run.epochs.length };
  tellLive({ runs: [{ ...there, last, live: false, attack: false }] });
  const stages = elements(root, "[data-gt-stage]");
  if (!webglAvailable()) return stages.forEach(sayNoWebgl);
  const page = await kind.open(root, stages, mount);
  const [color, pace] = [mount.ids.color, mount.ids.pace].map((id) => /** @type {HTMLSelectElement} */ (document.getElementById(id))); // prettier-ignore
  const look = () => page.chooseLook(/** @type {import("../points/colorings.mjs").ColorBy} */ (color.value), Number(pace.value)); // prettier-ignore
  for (const one of [color, pace]) one.addEventListener("change", look);
  look();
  await page.show(run);
  speakWithHost(run.run);
}

/** What is around the page. @param {HTMLElement} root @param {Said} said */
function frame(root, { terms }) {
  startBar(/** @type {HTMLElement} */ (document.querySelector('[data-gt-part="bar"]')));
  startTerms(terms, null);
  followOtherTabs();
  if (!hasAddress()) for (const button of elements(root, '[data-gt-action="link"]')) button.hidden = true;
  // another link to this file: what it says stands behind the #, of which a browser takes no notice
  window.addEventListener("hashchange", () => location.hash.includes("=") && location.reload());
  document.querySelector(".gt-skip")?.addEventListener("click", (event) => {
    event.preventDefault(); // it would be taken for such a link
    const content = /** @type {HTMLElement} */ (document.getElementById("gt-content"));
    content.tabIndex = -1;
    content.focus();
  });
  window.addEventListener("unhandledrejection", ({ reason }) => tellProblem(reason));
  if (!("DecompressionStream" in window)) root.before(el("p", { class: "gt-alert", role: "alert" }, "This browser cannot unpack the file. Open it in one of 2023 or newer.")); // prettier-ignore
}

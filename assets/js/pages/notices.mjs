// @ts-check
/** What a stage says when it cannot show its picture. */

import { part } from "../core/dom.mjs";
import { noUpdate } from "../core/dash.mjs";

/** @param {HTMLElement} root a stage */
export function sayNoWebgl(root) {
  const notice = part(root, "notice");
  notice.textContent =
    "This picture needs WebGL, which this browser does not offer here. Switch on hardware acceleration " +
    "in its settings, or open the page in another browser.";
  notice.hidden = false;
  return noUpdate();
}

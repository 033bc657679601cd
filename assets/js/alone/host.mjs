// @ts-check
/**
 * A page in a frame and the page around it: what is selected is told to that one, which may select too, once it has heard that
 * the page stands, and say whether it is light or dark. Nothing else passes, and only the window right around is listened to.
 */

import { onSelection, select, selectedIds } from "../state/selection.mjs";

const READY = "grand-tour-ready";
const TOLD = "grand-tour-selected";
const ASKED = "grand-tour-select";
const THEME = "grand-tour-theme";

/** @param {string} run whose points are shown @param {Window} [win] */
export function speakWithHost(run, win = window) {
  const host = win.parent;
  if (host === win) return;
  const tell = () => host.postMessage({ [TOLD]: [...selectedIds(run)] }, "*"); // numbers of points, which the host gave itself
  win.addEventListener("message", ({ source, data }) => {
    if (source !== host || !data) return;
    if (data[THEME] === "light" || data[THEME] === "dark") {
      document.documentElement.setAttribute("data-gt-around", data[THEME]);
      win.dispatchEvent(new Event("gt-theme"));
    }
    const ids = data[ASKED];
    if (!Array.isArray(ids) || !ids.every(Number.isInteger)) return;
    const now = selectedIds(run);
    if (ids.length !== now.size || ids.some((id) => !now.has(id))) select(run, ids);
  });
  onSelection(tell);
  host.postMessage({ [READY]: true }, "*");
}

// @ts-check
/** What runs first in a file: it unpacks the styles and the script that has the pages opened, or says that this browser cannot. */

import { text } from "./packed.mjs";

const [STYLE, SCRIPT] = ["style", "script"]; // names of blocks; the page's policy names what is in them by its digest

export async function start() {
  if (!("DecompressionStream" in window)) {
    const said = document.createElement("p");
    Object.assign(said, { className: "gt-alert", textContent: "This browser cannot unpack the file. Open it in one of 2023 or newer." }); // prettier-ignore
    said.setAttribute("role", "alert");
    document.body.prepend(said);
    return;
  }
  const [style, script] = [document.createElement("style"), document.createElement("script")];
  style.textContent = await text(STYLE);
  Object.assign(script, { type: "module", textContent: await text(SCRIPT) });
  document.head.append(style);
  document.body.append(script);
}

// @ts-check
/**
 * A page in the output of a notebook's cell, as anywidget's front end mounts it: a frame with the text of the file, so that
 * neither's styles and keys reach the other. What is selected goes both ways, and it is dark where the notebook is. Read as text by `gt/share/show.py`.
 */

/**
 * @typedef {object} Model of the widget in Python
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, heard: () => void) => void} on
 * @property {(event: string, heard: () => void) => void} off
 */

/** @param {{model: Model, el: HTMLElement}} given @returns {() => void} ends it */
function render({ model, el }) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts allow-downloads");
  frame.setAttribute("allow", "fullscreen; clipboard-write");
  frame.title = model.get("title");
  frame.style.cssText = `display: block; width: 100%; height: ${model.get("height")}px; border: 0`;
  let theme = themeAround(el);
  frame.srcdoc = model.get("html").replace("<html", `<html data-gt-around="${theme}"`);

  /** @param {object} what */
  const say = (what) => frame.contentWindow?.postMessage(what, "*");
  const tell = () => say({ "grand-tour-select": model.get("selected") });
  const tellTheme = () => {
    const now = themeAround(el);
    if (now !== theme) say({ "grand-tour-theme": (theme = now) });
  };
  /** @param {MessageEvent} event */
  const hear = ({ source, data }) => {
    if (source !== frame.contentWindow || !data) return;
    if (data["grand-tour-ready"]) {
      say({ "grand-tour-theme": (theme = themeAround(el)) });
      tell(); // what was selected before it was shown, or shown again
    }
    const ids = data["grand-tour-selected"];
    if (!Array.isArray(ids)) return;
    model.set("selected", ids);
    model.save_changes();
  };
  window.addEventListener("message", hear);
  model.on("change:selected", tell);
  const watched = new MutationObserver(() => requestAnimationFrame(tellTheme)); // its new styles are there by then
  for (const one of [document.documentElement, document.body]) watched.observe(one, { attributes: true });
  el.append(frame);
  return () => {
    watched.disconnect();
    window.removeEventListener("message", hear);
    model.off("change:selected", tell);
    frame.remove();
  };
}

/**
 * Light or dark, by the text around: every notebook has another word for its theme, and in all of them text is seen.
 *
 * @param {HTMLElement} el @returns {"light"|"dark"}
 */
function themeAround(el) {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen) return "light";
  pen.fillStyle = getComputedStyle(el.isConnected ? el : document.body).color; // whatever way it is written in
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return 0.3 * red + 0.59 * green + 0.11 * blue > 127 ? "dark" : "light";
}

export default { render };

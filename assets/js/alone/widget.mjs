// @ts-check
/**
 * A page in the output of a notebook's cell, as anywidget's front end mounts it: a frame with the text of the file, so that
 * neither's styles and keys reach the other. What is selected goes both ways. Read as text by `gt/share/show.py`.
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
  frame.srcdoc = model.get("html");

  const tell = () => frame.contentWindow?.postMessage({ "grand-tour-select": model.get("selected") }, "*");
  /** @param {MessageEvent} event */
  const hear = ({ source, data }) => {
    if (source !== frame.contentWindow || !data) return;
    if (data["grand-tour-ready"]) tell(); // what was selected before it was shown, or shown again
    const ids = data["grand-tour-selected"];
    if (!Array.isArray(ids)) return;
    model.set("selected", ids);
    model.save_changes();
  };
  window.addEventListener("message", hear);
  model.on("change:selected", tell);
  el.append(frame);
  return () => {
    window.removeEventListener("message", hear);
    model.off("change:selected", tell);
    frame.remove();
  };
}

export default { render };

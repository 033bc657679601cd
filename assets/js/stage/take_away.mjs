// @ts-check
/** What a reader takes away: text on the clipboard, the picture as a file. */

import { toLeft, toTop } from "../points/viewport.mjs";

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it is on the clipboard now
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // no clipboard without a secure address: the old way, from a field of our own
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** @param {Float64Array} matrix (p, p) @param {number} p @returns {string} a numpy expression */
export function numpyText(matrix, p) {
  const rows = Array.from({ length: p }, (_, i) =>
    `[${Array.from(matrix.subarray(i * p, (i + 1) * p), (x) => x.toPrecision(9)).join(", ")}]`,
  ); // prettier-ignore
  return `np.array([${rows.join(",\n          ")}])`;
}

/**
 * The pictures of stages side by side, as they are on the screen: points or images, handles, names.
 *
 * @param {import("./stage.mjs").Stage[]} stages
 * @param {Float64Array} seen (p, 2), the columns of the frame that are seen @param {string[]} names of the handles, p or fewer
 * @param {string} caption
 * @returns {Promise<Blob>}
 */
export async function picture(stages, seen, names, caption) {
  const ratio = Math.max(2, window.devicePixelRatio || 1);
  const boxes = stages.map((stage) => stage.gd.getBoundingClientRect());
  const gap = 24;
  const head = 66;
  const width = boxes.reduce((sum, box) => sum + box.width + gap, gap);
  const height = Math.max(...boxes.map((box) => box.height)) + head + gap;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const style = getComputedStyle(document.body);
  pen.scale(ratio, ratio);
  pen.fillStyle = style.backgroundColor;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = style.color;
  pen.font = `15px ${style.fontFamily}`;
  pen.textBaseline = "middle";
  pen.fillText(caption, gap, 20);
  let left = gap;
  stages.forEach((stage, s) => {
    const { width: wide, height: high } = boxes[s];
    pen.font = `600 14px ${style.fontFamily}`;
    pen.textAlign = "left";
    pen.fillText(stage.root.getAttribute("aria-label") ?? "", left, head - 16);
    pen.save();
    pen.translate(left, head);
    pen.beginPath();
    pen.rect(0, 0, wide, high);
    pen.clip();
    for (const layer of stage.root.querySelectorAll(
      "canvas.gl-canvas, canvas.gt-images:not([hidden]), canvas.gt-trails:not([hidden])",
    )) {
      const box = layer.getBoundingClientRect();
      pen.drawImage(
        /** @type {HTMLCanvasElement} */ (layer),
        box.left - boxes[s].left,
        box.top - boxes[s].top,
        box.width,
        box.height,
      );
    }
    drawHandles(pen, stage, seen, names, style.color);
    drawMeans(pen, stage);
    drawScale(pen, stage, style.color, boxes[s]);
    pen.restore();
    pen.strokeStyle = style.color;
    pen.globalAlpha = 0.2;
    pen.strokeRect(left, head, wide, high);
    pen.globalAlpha = 1;
    left += wide + gap;
  });
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("picture: the browser made no PNG"))), "image/png"),
  );
}

/** @param {CanvasRenderingContext2D} pen @param {import("./stage.mjs").Stage} stage @param {Float64Array} seen (p, 2) @param {string[]} names @param {string} color */
function drawHandles(pen, stage, seen, names, color) {
  const view = stage.viewport;
  if (!view) return;
  pen.strokeStyle = pen.fillStyle = color;
  pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  for (const i of stage.shownHandles.filter((one) => one < names.length)) {
    const [x, y] = [seen[2 * i], seen[2 * i + 1]];
    pen.globalAlpha = 0.45;
    pen.beginPath();
    pen.moveTo(toLeft(view, 0), toTop(view, 0));
    pen.lineTo(toLeft(view, x), toTop(view, y));
    pen.stroke();
    pen.globalAlpha = Math.hypot(x, y) < 0.06 ? 0 : 1;
    pen.textAlign = x < 0 ? "right" : "left";
    pen.fillText(names[i], toLeft(view, x) + (x < 0 ? -10 : 10), toTop(view, y));
  }
  pen.globalAlpha = 1;
}

/** The rings of class means, where a stage shows them. @param {CanvasRenderingContext2D} pen @param {import("./stage.mjs").Stage} stage */
function drawMeans(pen, stage) {
  const layer = /** @type {SVGElement|null} */ (stage.root.querySelector(".gt-means"));
  if (!layer || layer.style.display === "none") return;
  for (const mark of layer.children) {
    if (/** @type {SVGElement} */ (mark).style.display === "none") continue;
    const at = (/** @type {string} */ name) => Number(mark.getAttribute(name));
    pen.strokeStyle = getComputedStyle(mark).stroke;
    pen.fillStyle = getComputedStyle(layer).getPropertyValue("--gt-surface");
    pen.lineWidth = mark.tagName === "circle" ? 3 : 1.5;
    pen.beginPath();
    if (mark.tagName === "circle") pen.arc(at("cx"), at("cy"), at("r"), 0, 2 * Math.PI);
    else {
      pen.moveTo(at("x1"), at("y1"));
      pen.lineTo(at("x2"), at("y2"));
    }
    if (mark.tagName === "circle") pen.fill();
    pen.stroke();
  }
  pen.lineWidth = 1;
}

/** How long a number of the layer's units is. @param {CanvasRenderingContext2D} pen @param {import("./stage.mjs").Stage} stage @param {string} color @param {DOMRect} box */
function drawScale(pen, stage, color, box) {
  const bar = stage.root.querySelector(".gt-scale-bar span");
  if (!bar) return;
  const at = bar.getBoundingClientRect();
  const [left, top] = [at.left - box.left, at.top - box.top];
  pen.strokeStyle = pen.fillStyle = color;
  pen.beginPath();
  pen.moveTo(left, top);
  pen.lineTo(left, top + at.height);
  pen.lineTo(left + at.width, top + at.height);
  pen.lineTo(left + at.width, top);
  pen.stroke();
  pen.textAlign = "left";
  pen.fillText(bar.parentElement?.textContent ?? "", left, top - 8);
}

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * A grid of panels as it is on the screen: every point a dot, frames, names of rows and epochs.
 *
 * @param {HTMLElement} wrap holds the grid
 * @param {import("./grid_view.mjs").GridView} view
 * @param {string} caption
 * @returns {Promise<Blob>}
 */
export async function gridPicture(wrap, view, caption) {
  const ratio = Math.max(2, window.devicePixelRatio || 1);
  const head = 44;
  const { width, height } = view.pixels;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round((height + head) * ratio);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const style = getComputedStyle(document.body);
  pen.scale(ratio, ratio);
  pen.fillStyle = style.backgroundColor;
  pen.fillRect(0, 0, width, height + head);
  pen.fillStyle = style.color;
  pen.font = `15px ${style.fontFamily}`;
  pen.textBaseline = "middle";
  pen.fillText(caption, 12, head / 2);
  pen.translate(0, head);
  const outer = wrap.getBoundingClientRect();
  const surface = getComputedStyle(document.documentElement).getPropertyValue("--gt-surface");
  const line = getComputedStyle(wrap).getPropertyValue("--bs-border-color") || "#888";
  for (const { box } of view.panels) {
    pen.fillStyle = surface;
    pen.fillRect(box.left, box.top, box.width, box.height);
  }
  const figure = view.figure;
  const trace = figure && /** @type {any} */ (figure.data[0]);
  const { all } = view.pixels;
  const order = view.order;
  for (const i of order) {
    if (all[2 * i] < 0) continue;
    pen.fillStyle = trace?.marker.color[i] ?? style.color;
    pen.beginPath();
    pen.arc(all[2 * i], height - all[2 * i + 1], (trace?.marker.size ?? 3) / 2, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.strokeStyle = line;
  for (const { box } of view.panels) pen.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
  pen.fillStyle = style.color;
  for (const part of wrap.querySelectorAll(".gt-row-head strong, .gt-column-epoch")) {
    const box = part.getBoundingClientRect();
    const text = part instanceof HTMLInputElement ? part.value : (part.textContent ?? "");
    pen.font = `${getComputedStyle(part).fontSize} ${style.fontFamily}`;
    pen.fillText(
      text,
      box.left - outer.left + (part instanceof HTMLInputElement ? 10 : 0),
      box.top - outer.top + box.height / 2,
    );
  }
  return new Promise((done, failed) =>
    canvas.toBlob(
      (blob) => (blob ? done(blob) : failed(new Error("the browser made no picture of the grid"))),
      "image/png",
    ),
  );
}

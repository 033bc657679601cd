// @ts-check
/** The curves of `/training` as a sheet: each as plotly draws it, on paper, with a line at the epoch that is chosen. */

const LINE = "#5c6370"; // at the epoch
const PAPER = { paper_bgcolor: "#fff", plot_bgcolor: "#fff" };
const AXIS = { color: "#333", gridcolor: "#e3e6ea", linecolor: "#999", zerolinecolor: "#e3e6ea" };

/**
 * @typedef {{name: string, gd: any}} Curves a chart, and what it is called
 * @typedef {{image: HTMLImageElement, width: number, height: number, at: number, top: number, high: number}} Drawn px; `at` is where the epoch is
 */

/** A chart as an image, as large as it is on the page. @param {any} Plotly @param {any} gd @param {number} x of the epoch @returns {Promise<Drawn>} */
async function drawn(Plotly, gd, x) {
  const { width, height, xaxis, _size } = gd._fullLayout;
  const layout = { ...gd.layout, ...PAPER, font: { ...gd.layout.font, color: AXIS.color } };
  for (const name of ["xaxis", "yaxis"]) layout[name] = { ...gd.layout[name], ...AXIS };
  const image = new Image();
  image.src = await Plotly.toImage({ data: gd.data, layout }, { format: "svg", width, height });
  await image.decode();
  return { image, width, height, at: xaxis._offset + xaxis.d2p(x), top: _size.t, high: _size.h };
}

/** @param {Drawn} chart @returns {import("../picture/sheet.mjs").Part} */
function partOf({ image, width, height, at, top, high }) {
  return {
    aspect: () => height / width,
    view: (box) => ({ ...box, x0: 0, x1: width, y0: 0, y1: height, kx: box.width / width, ky: box.height / height }),
    paint(pen, box) {
      const { kx, ky } = box;
      pen.drawImage(/** @type {any} */ (image), box.left, box.top, box.width, box.height);
      pen.fillStyle = LINE;
      pen.beginPath();
      pen.rect(box.left + at * kx - 0.75, box.top + top * ky, 1.5, high * ky);
      pen.fill();
    },
  };
}

/**
 * @param {any} Plotly @param {readonly Curves[]} curves those that are seen @param {{run: string, title: string}} of @param {number} x where the epoch is along them
 * @returns {Promise<import("../picture/take.mjs").Taken>}
 */
export async function takenFromCurves(Plotly, curves, { run, title }, x) {
  const charts = await Promise.all(curves.map(({ gd }) => drawn(Plotly, gd, x)));
  return {
    run,
    stem: `${run}-training`,
    caption: () => title,
    legend: () => [],
    parts: [charts.map(partOf)],
    fit() {},
    rows: [],
    columns: curves.map(({ name }) => name),
    points: 0,
    images: false,
    shaded: false,
    chosen: 0,
  };
}

// @ts-check
/** The shape that the reader draws over a picture: a canvas of the picture's size, in the theme's own colour. */

/** @param {HTMLElement} layer over the plot */
export function createLasso(layer) {
  const canvas = document.createElement("canvas");
  canvas.className = "gt-lasso";
  layer.append(canvas);

  return {
    /** @param {import("./hits.mjs").Place[]|null} ring null for none */
    draw(ring) {
      const { clientWidth: width, clientHeight: height } = layer;
      const ratio = window.devicePixelRatio || 1;
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, width, height);
      if (!ring) return;
      pen.beginPath();
      ring.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.closePath();
      const color = getComputedStyle(layer).getPropertyValue("--bs-primary-rgb") || "13,110,253";
      pen.fillStyle = `rgba(${color},0.12)`;
      pen.strokeStyle = `rgba(${color},0.9)`;
      pen.lineWidth = 1.5;
      pen.fill();
      pen.stroke();
    },
  };
}

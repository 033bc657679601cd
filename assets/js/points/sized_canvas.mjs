// @ts-check
/** A 2-D canvas over a picture that has as many pixels as the screen has there. Its size is observed: asking for it in a frame would force a layout. */

/**
 * @param {HTMLCanvasElement} canvas whose style gives it its size @param {() => void} [resized] called when that has become another
 * @throws {Error} where the canvas has a context of another kind
 */
export function createSizedCanvas(canvas, resized) {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("createSizedCanvas: points are drawn on a 2-D canvas, this one gives no such context");
  let [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const observer = new ResizeObserver(() => {
    [width, height] = [canvas.clientWidth, canvas.clientHeight];
    resized?.();
  });
  observer.observe(canvas);

  return {
    /** Counts in CSS px, once it was cleared. */
    pen,
    /** Empty it. */
    clear() {
      const ratio = window.devicePixelRatio || 1;
      const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
      if (canvas.width !== w) canvas.width = w;
      if (canvas.height !== h) canvas.height = h;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, width, height);
    },
    leave: () => observer.disconnect(),
  };
}

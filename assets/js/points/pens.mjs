// @ts-check
/**
 * What drawings over the points are drawn with: the part of a canvas' 2D context that they use. On the page that is a canvas;
 * in a picture that is taken away it may be a pen that writes vectors, see `assets/js/picture/`.
 *
 * @typedef {Pick<CanvasRenderingContext2D, "fillStyle"|"strokeStyle"|"globalAlpha"|"lineWidth"|"lineCap"|"lineJoin"|"font"|"textAlign"|
 *   "textBaseline"|"save"|"restore"|"beginPath"|"moveTo"|"lineTo"|"arc"|"rect"|"clip"|"stroke"|"fill"|"fillText">
 *   & {drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void}} Pen
 */
export {};

// @ts-check
/** What pictures over plotly's graph have in common: a program, its attributes, where data units lie, and how large the canvas is. */

/** @typedef {WebGLRenderingContext|WebGL2RenderingContext} Context */

/** @param {Context} gl @param {string} vertex @param {string} fragment @param {string} whose for the error @returns {WebGLProgram} */
export function link(gl, vertex, fragment, whose) {
  const program = /** @type {WebGLProgram} */ (gl.createProgram());
  for (const [type, source] of /** @type {Array<[number, string]>} */ ([
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(type));
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error(`${whose}: the shaders did not link: ${gl.getProgramInfoLog(program)}`);
  return program;
}

/**
 * How large a canvas is in CSS px, kept by an observer: asking for it in a frame would force a layout.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function createBox(canvas) {
  let [across, down] = [canvas.clientWidth, canvas.clientHeight];
  const observer = new ResizeObserver(() => {
    [across, down] = [canvas.clientWidth, canvas.clientHeight];
  });
  observer.observe(canvas);
  return {
    /** Have the canvas as many pixels as the screen has there. @returns {{width: number, height: number, ratio: number}} device px, and how many a CSS px is */
    fit() {
      const ratio = window.devicePixelRatio || 1;
      const width = Math.max(1, Math.round(across * ratio));
      const height = Math.max(1, Math.round(down * ratio));
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      return { width, height, ratio };
    },
    leave: () => observer.disconnect(),
  };
}

/** A buffer that an attribute is read from. @param {Context} gl @param {WebGLProgram} program @param {string} name @param {number} size @param {number} type @param {ArrayBufferView} data */
export function attribute(gl, program, name, size, type, data) {
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
  const place = gl.getAttribLocation(program, name);
  gl.enableVertexAttribArray(place);
  gl.vertexAttribPointer(place, size, type, type === gl.UNSIGNED_BYTE, 0, 0);
  return buffer;
}

/** Have points drawn by their numbers, the last on top, over what lies below the canvas. @param {Context} gl @param {number} n points */
export function layPoints(gl, n) {
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
  if (n > 65535) gl.getExtension("OES_element_index_uint");
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  gl.clearColor(0, 0, 0, 0);
}

/**
 * Say where data units lie on a canvas: css px = left + (x - x0) kx, from the top: top + (y1 - y) ky; clip = 2 css / box - 1, upwards.
 *
 * @param {Context} gl @param {WebGLUniformLocation|null} toClip @param {import("../points/viewport.mjs").Viewport} view
 * @param {number} width device px @param {number} height @param {number} ratio device px a CSS px
 */
export function placeUnits(gl, toClip, view, width, height, ratio) {
  const [sx, sy] = [(2 * ratio) / width, (2 * ratio) / height];
  const [left, top] = [view.left - view.x0 * view.kx, view.top + view.y1 * view.ky];
  gl.uniform4f(toClip, view.kx * sx, view.ky * sy, left * sx - 1, 1 - top * sy);
}

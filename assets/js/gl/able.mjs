// @ts-check
/** What this browser's WebGL can do, asked for once; the context made for asking is given back. */

/** Names of renderers that draw on the processor: what the graphics card would take off it, it has to do itself. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|lavapipe/i;

/**
 * @typedef {object} Able
 * @property {boolean} adds whether it adds up floats in a picture, which density shading needs
 * @property {number} side of the largest texture, in texels; 0 where there is no WebGL 2
 * @property {boolean} hardware whether a graphics card draws
 */

/** @type {Able|null} */
let able = null;

/** @returns {Able} */
export function ability() {
  able ??= asked();
  return able;
}

/** @returns {Able} */
function asked() {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return { adds: false, side: 0, hardware: false };
  const named = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  const found = {
    adds: addsFloats(gl),
    side: gl.getParameter(gl.MAX_TEXTURE_SIZE),
    hardware: !SOFTWARE.test(renderer),
  };
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return found;
}

/** @param {WebGL2RenderingContext} gl */
export const addsFloats = (gl) =>
  gl.getExtension("EXT_color_buffer_float") !== null && gl.getExtension("EXT_float_blend") !== null;

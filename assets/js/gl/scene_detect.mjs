// @ts-check
/**
 * What the fast path touches inside a drawn scattergl trace, found by shape and never by version.
 *
 * All of it is plotly.js's (and regl-scatter2d's) own business and may change with any release: nothing outside the scene*.mjs
 * modules may reach for it, everything is checked before it is used, and what is missing becomes a sentence in `scene.reason`.
 */

/**
 * @typedef {((options: object) => void) & { subdata: (data: ArrayBufferView, offset?: number) => void }} GlBuffer a regl buffer
 * @typedef {{ height: number, resize: (w: number, h: number) => void,
 *             subimage: (image: object, x: number, y: number) => void }} GlTexture a regl texture
 * @typedef {((options: object) => void) & { destroy: () => void }} GlElements regl's list of indices to draw
 * @typedef {{ clear: (options: object) => void, elements: (options: object) => GlElements, _gl: WebGLRenderingContext }} Regl
 *
 * @typedef {object} Group what regl-scatter2d keeps of one trace
 * @property {GlBuffer} positionBuffer interleaved x, y, float32
 * @property {GlBuffer} positionFractBuffer what float32 loses of a float64 position; all zero here
 * @property {GlBuffer} colorBuffer four bytes a point: column and row in the palette, for fill and border
 * @property {GlElements} [elements]
 * @property {number} count
 * @property {ArrayLike<number>} positions
 * @property {number | ArrayLike<number>} color
 * @property {number | ArrayLike<number>} borderColor
 * @property {number | ArrayLike<number>} size
 * @property {unknown} [tree]
 * @property {unknown[]} [activation] which marker textures are in use; entry 0 is the circle
 * @property {number} [opacity]
 *
 * @typedef {object} Scatter the regl-scatter2d instance of a subplot
 * @property {Array<Group | undefined>} groups the live ones: replaced at every update
 * @property {GlTexture} paletteTexture `maxColors` wide; plotly's own colours are in row 0
 * @property {number[]} palette
 * @property {number} maxColors
 * @property {boolean} tooManyColors
 * @property {Regl} regl
 * @property {(palette: number[]) => void} updatePalette
 * @property {(options: object[]) => void} [drawCircle] regl's command for round markers
 * @property {(marker: number, group: Group, elements: null) => object[]} [getMarkerDrawOptions]
 *
 * @typedef {object} ScatterFace what regl-scatter2d shows of an instance; its `groups` are those of the first update, so stale
 * @property {(options: Array<object | undefined>) => void} update
 * @property {(index: number) => Scatter} draw draws one group, none where there is none; returns the instance
 *
 * @typedef {object} GlScene plotly's scene of one subplot
 * @property {() => void} draw
 * @property {ScatterFace} scatter2d false or true before plotly has made it
 * @property {unknown} select2d
 * @property {unknown} [line2d]
 * @property {unknown} [fill2d]
 * @property {unknown} [error2d]
 * @property {unknown} [glText]
 * @property {number} [count] traces in it
 * @property {(options: { range: number[] }) => void} [update] of all that it draws
 * @property {Array<Record<string, any> | undefined>} markerOptions
 *
 * @typedef {{ trace: Record<string, any>, t?: Record<string, any> }} CalcHead first entry of a trace's calcdata
 *
 * @typedef {object} Binding one trace as it is drawn now
 * @property {CalcHead} head
 * @property {GlScene} scene
 * @property {ScatterFace} face
 * @property {Scatter} scatter
 * @property {Group} group
 * @property {number} index the trace's place within its scene: not its place in the figure
 */

/** @typedef {{ head: CalcHead, scene: GlScene, face: ScatterFace, index: number }} Located a trace in its scene */

/**
 * A plotted graph: plotly's own div.
 * @typedef {HTMLElement & { data: any[], layout: any, calcdata?: any[], _fullData?: any[], _fullLayout?: any, _context?: any,
 *   on?: (name: string, f: (...args: any[]) => void) => void, removeListener?: (name: string, f: (...args: any[]) => void) => void
 * }} Gd
 */

/** Something the fast path needs is not there; the message goes to `scene.reason`. */
export class Missing extends Error {}

/** @param {unknown} f @returns {boolean} */
const callable = (f) => typeof f === "function";

/** @param {boolean} found @param {string} what */
function need(found, what) {
  if (!found) throw new Missing(`scattergl: no ${what}`);
}

/**
 * The trace as plotly draws it now, or null while it is hidden and so has no place in any scene.
 *
 * @param {Gd} gd
 * @param {number} trace its place in `gd.data`
 * @returns {Located | null}
 * @throws {Missing} when a visible trace is not drawn as scattergl draws
 */
export function locate(gd, trace) {
  const head = gd.calcdata?.[trace]?.[0];
  if (!head?.trace || head.trace.visible !== true) return null;
  const full = head.trace;
  need(full.type === "scattergl", `scattergl trace at ${trace}, but ${full.type}`);
  need(full.mode === "markers", `plain markers in trace ${trace}, but ${full.mode}`);
  const subplot = gd._fullLayout?._plots?.[full.xaxis + full.yaxis];
  need(subplot?.xaxis?.type === "linear" && subplot?.yaxis?.type === "linear", `linear axes under trace ${trace}`);
  const scene = head.t?._scene;
  const index = head.t?.index;
  need(scene && callable(scene.draw) && typeof index === "number", `scene of trace ${trace}`);
  need(Array.isArray(scene.markerOptions), "scene.markerOptions");
  need(callable(scene.scatter2d?.update), "scene.scatter2d.update");
  return { head, scene, face: scene.scatter2d, index };
}

/**
 * The buffers behind a located trace.
 *
 * @param {Located} found
 * @param {number} n points that the trace must have
 * @returns {Binding}
 * @throws {Missing} naming the first thing that is not there
 */
export function bind(found, n) {
  const { face, index } = found;
  need(callable(face.draw), "scatter2d.draw");
  const scatter = face.draw(-1); // no such group: draws nothing, and answers with the instance behind
  const group = scatter?.groups?.[index];
  if (!group) throw new Missing("scattergl: no scatter2d.groups");
  need(group.count === n || !!group.elements, `group of ${n} points, but of ${group.count}`);
  need(callable(group.positionBuffer?.subdata) && callable(group.positionFractBuffer), "position buffer");
  need(callable(group.colorBuffer), "color buffer");
  need(!group.tree, "group without a cluster tree");
  const texture = scatter.paletteTexture;
  need(callable(texture?.subimage) && callable(texture?.resize) && texture.height > 0, "palette texture");
  need(Array.isArray(scatter.palette) && callable(scatter.updatePalette), "palette");
  need(scatter.maxColors === 255 && scatter.tooManyColors === false, "palette of 255 columns");
  need(scatter.palette.length <= 4 * 255, "room below plotly's own colours in the palette");
  need(callable(scatter.regl?.clear) && callable(scatter.regl?.elements), "regl");
  return { ...found, scatter, group };
}

/**
 * Whether these bindings are all that a scene draws, so that their circles can be drawn without plotly going through everything it
 * might have to draw and without regl sending all its state again: half of a frame's cost. Only regl touches these contexts.
 *
 * @param {GlScene} scene
 * @param {Binding[]} bindings those within it
 */
export function plain(scene, bindings) {
  if (
    scene.count !== bindings.length ||
    scene.select2d ||
    scene.line2d ||
    scene.fill2d ||
    scene.error2d ||
    scene.glText
  )
    return false;
  return bindings.every(({ scatter, group }) =>
    callable(scatter.drawCircle) && callable(scatter.getMarkerDrawOptions) && group.activation?.length === 1 && group.activation[0] === true,
  ); // prettier-ignore
}

/** @param {Binding} binding of a plain scene */
export function drawPlain({ scatter, group }) {
  if (group.count && group.opacity) scatter.drawCircle?.(scatter.getMarkerDrawOptions?.(0, group, null) ?? []);
}

/**
 * The regl instances behind a graph's canvases, and the canvases; empty while no gl trace is visible.
 *
 * @param {Gd} gd
 * @returns {Array<{ canvas: HTMLCanvasElement, key: string, regl: Regl }>}
 */
export function canvases(gd) {
  /** @type {Array<{ canvas: HTMLCanvasElement, key: string, regl: Regl }>} */
  const found = [];
  gd._fullLayout?._glcanvas?.each?.(function (/** @type {any} */ d) {
    // @ts-ignore: d3 hands the element as `this`
    if (d?.regl) found.push({ canvas: this, key: d.key, regl: d.regl });
  });
  return found;
}

/**
 * Every scene of the graph, ours or not: clearing a canvas clears them all.
 *
 * @param {Gd} gd
 * @returns {GlScene[]}
 */
export function scenes(gd) {
  return Object.values(gd._fullLayout?._plots ?? {})
    .map((subplot) => subplot._scene)
    .filter((scene) => callable(scene?.draw) && callable(scene.scatter2d?.update));
}

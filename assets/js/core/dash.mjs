// @ts-check
/** The few things that the modules ask of Dash and of Plotly; looked up here alone. */

/** @returns {any} */
const clientside = () => /** @type {any} */ (window).dash_clientside;

/** What a clientside callback returns to leave its output alone. */
export const noUpdate = () => clientside().no_update;

/** @param {string} id @param {object} props */
export function setProps(id, props) {
  clientside().set_props(id, props);
}

/**
 * Plotly and the graph div inside an element, as soon as Dash has mounted and drawn it.
 *
 * @param {Element} root
 * @param {number} patience ms
 * @returns {Promise<{gd: any, Plotly: any}>}
 * @throws {Error} when the element left the page meanwhile, or nothing was drawn
 */
export async function plotted(root, patience = 120000) {
  for (const end = performance.now() + patience; ; ) {
    const gd = /** @type {any} */ (root.querySelector(".js-plotly-plot"));
    const Plotly = /** @type {any} */ (window).Plotly;
    if (gd?._fullLayout?._plots?.xy && Plotly) return { gd, Plotly };
    if (!root.isConnected) throw new Error("plotted: the page was left");
    if (performance.now() > end) throw new Error("plotted: no graph was drawn in time; reload the page");
    await new Promise(requestAnimationFrame);
  }
}

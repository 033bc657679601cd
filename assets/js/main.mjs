// @ts-check
/** What Dash's clientside callbacks, tests and benchmarks may call, and no more. */

export { inspect } from "./view/registry.mjs";
export { chooseLook, showTour } from "./pages/grand_tour.mjs";
export { showTeaser } from "./pages/home.mjs";
export { startShell } from "./pages/shell.mjs";

// @ts-check
/** What Dash's clientside callbacks, tests and benchmarks may call, and no more. */

export { inspect } from "./core/registry.mjs";
export { select, selectedIds } from "./state/selection.mjs";
export { writeLink } from "./state/link.mjs";
export { chooseLook, showPictures } from "./pages/pictures.mjs";
export { sayCsvProblem } from "./pages/csv.mjs";
export { showAnswer } from "./pages/finding.mjs";
export { showTwoRunsAnswer } from "./pages/two_runs_asking.mjs";
export { showTeaser } from "./pages/home.mjs";
export { showNetwork } from "./pages/network.mjs";
export { startShell } from "./pages/shell.mjs";
export { chooseComparison, showComparison, showTransition } from "./pages/compare.mjs";
export { showRuns } from "./pages/runs.mjs";
export { showStory } from "./pages/story.mjs";
export { showDocs } from "./pages/docs.mjs";
export { showMethod } from "./pages/method.mjs";
export { orderLabels, showLabels, showTraining } from "./pages/training.mjs";

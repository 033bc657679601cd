// @ts-check
/** The page Two runs in a file. */

import { TwoRunsPage } from "../pages/two_runs.mjs";
import { openStages } from "./stages.mjs";

export const open = openStages(TwoRunsPage);

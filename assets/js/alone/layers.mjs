// @ts-check
/** The page Layers in a file. */

import { LayersPage } from "../pages/layers.mjs";
import { openStages } from "./stages.mjs";

export const open = openStages(LayersPage);

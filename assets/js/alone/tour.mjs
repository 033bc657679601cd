// @ts-check
/** The pages Grand Tour, t-SNE, UMAP and Imported in a file. */

import { TourPage } from "../pages/tour_page.mjs";
import { openStages } from "./stages.mjs";

export const open = openStages(TourPage);

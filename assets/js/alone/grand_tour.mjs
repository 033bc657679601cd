// @ts-check
/** The page Grand Tour in a file. */

import { TourPage } from "../pages/tour_page.mjs";
import { startAlone } from "./main.mjs";

/** Called when the file is opened. */
export const start = () => startAlone(TourPage);

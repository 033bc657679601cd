// @ts-check
/** The page Adversarial in a file. */

import { AdversarialPage } from "../pages/adversarial.mjs";
import { openStages } from "./stages.mjs";

export const open = openStages(AdversarialPage);

// @ts-check
/** The story of a file: it is in the file, and nothing of it can be changed there. */

import { startStories } from "../story/start.mjs";
import { answerWith } from "./ask.mjs";

/** @param {import("../payloads.mjs").KeptStory} story */
export function open(story) {
  answerWith("stories/one", () => Response.json(story));
  startStories("", null);
}

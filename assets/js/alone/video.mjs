// @ts-check
/** In the place of `picture/video.mjs` where a page is in a file: what writes videos would weigh as much as all else in it. */

/** Why there are no videos. */
export const noVideo = () => "A page in a file makes GIFs. Videos are made by the app that the file came from.";

/** @returns {Promise<import("../picture/video.mjs").VideoKind[]>} */
export const videoKinds = async () => [];

/** @returns {Promise<import("../picture/film.mjs").Sink>} */
export async function videoSink() {
  throw new Error(noVideo());
}

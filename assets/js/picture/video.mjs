// @ts-check
/**
 * Frames into a video, by the browser's own encoder (WebCodecs); mediabunny, in `assets/vendor`, puts what it makes into a file.
 * It is fetched when a video is asked for.
 */

const KEY_SECONDS = 2; // from one whole picture in the stream to the next

/**
 * Files that can be made, best first: what plays everywhere, then what is free.
 *
 * @type {{codec: string, file: "mp4"|"webm", title: string}[]}
 */
const KINDS = [
  { codec: "avc", file: "mp4", title: "MP4 (H.264)" },
  { codec: "vp9", file: "webm", title: "WebM (VP9)" },
  { codec: "vp8", file: "webm", title: "WebM (VP8)" },
  { codec: "av1", file: "webm", title: "WebM (AV1)" },
];

/** @typedef {typeof KINDS[number]} VideoKind */

/** mediabunny, fetched once. @returns {Promise<any>} */
const library = () => import(new URL("../../vendor/mediabunny.min.mjs", import.meta.url).href);

/** Why this browser makes no video; "" where it can. */
export const noVideo = () =>
  "VideoEncoder" in globalThis
    ? ""
    : isSecureContext
      ? "This browser has no video encoder (WebCodecs): a GIF can be made, or take Chrome, Edge, Firefox 130 or Safari 16.4 and newer."
      : "Browsers make videos only on pages that come by https or from the same machine: a GIF can be made here.";

/** The kinds that this browser can make at a size. @param {number} width pixels @param {number} height */
export async function videoKinds(width, height) {
  if (noVideo()) return [];
  const { canEncodeVideo } = await library();
  const can = await Promise.all(KINDS.map(({ codec }) => canEncodeVideo(codec, { width, height })));
  return KINDS.filter((_, i) => can[i]);
}

/** @param {VideoKind} kind @param {number} fps @returns {Promise<import("./film.mjs").Sink>} */
export async function videoSink(kind, fps) {
  const { BufferTarget, CanvasSource, Mp4OutputFormat, Output, QUALITY_HIGH, WebMOutputFormat } = await library();
  const format = kind.file === "mp4" ? new Mp4OutputFormat() : new WebMOutputFormat();
  const output = new Output({ format, target: new BufferTarget() });
  /** @type {any} */
  let source = null;
  return {
    async add(canvas, index) {
      if (!source) {
        source = new CanvasSource(canvas, { codec: kind.codec, bitrate: QUALITY_HIGH, keyFrameInterval: KEY_SECONDS });
        output.addVideoTrack(source, { frameRate: fps });
        await output.start();
      }
      await source.add(index / fps, 1 / fps);
    },
    async finish() {
      await output.finalize();
      return new Blob([output.target.buffer], { type: `video/${kind.file}` });
    },
    cancel: async () => void (source && (await output.cancel())),
  };
}

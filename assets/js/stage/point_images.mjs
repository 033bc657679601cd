// @ts-check
/** Points as their images, or as dots: fetched and given to the stages. */

/** @typedef {ReturnType<typeof import("../data/tensors.mjs").openTensors>} Tensors */

/** @param {{changed: () => void, failed: (error: unknown) => void}} given */
export function createPointImages({ changed, failed }) {
  let on = false;
  let generation = 0;

  /** @param {Tensors} tensors @param {import("./stage.mjs").Stage} stage */
  async function imagesOf(tensors, stage) {
    const tensor = tensors.announcement.splits[stage.split].images;
    const images = tensor && (await tensors.part(stage.split, "images"));
    if (!images) return null;
    const [, h, w, c] = tensor.shape;
    return { images: /** @type {Uint8Array} */ (images), h, w, c };
  }

  return {
    get on() {
      return on;
    },
    /** Another run is on its way: what was asked for of the old one is not given any more. */
    begin() {
      generation++;
    },
    /** @param {boolean} wanted @param {Tensors} tensors @param {import("./stage.mjs").Stage[]} stages */
    async set(wanted, tensors, stages) {
      on = wanted;
      const mine = ++generation;
      try {
        for (const stage of stages) {
          const images = wanted ? await imagesOf(tensors, stage) : null;
          if (mine !== generation) return;
          stage.setImages(images);
        }
      } catch (error) {
        on = false;
        for (const stage of stages) stage.setImages(null);
        failed(error);
      }
      changed();
    },
  };
}

// @ts-check
/** Epochs that are played one after the other, each once the one before is on the screen. */

const PACE_MS = 320; // between two epochs

/**
 * @param {object} given
 * @param {(index: number) => void} given.show an epoch; `proceed` is called once it is there
 * @param {(on: boolean) => void} given.changed
 */
export function createPlaying({ show, changed }) {
  /** @type {number[]} indices of epochs that are still to be shown */
  let waiting = [];
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  const playing = {
    /** Whether some are still to be shown. */
    get on() {
      return waiting.length > 0;
    },
    stop() {
      clearTimeout(timer);
      [timer, waiting] = [undefined, []];
      changed(false);
    },
    /** @param {number[]} indices of epochs, in the order in which they are played */
    play(indices) {
      playing.stop();
      if (!indices.length) return;
      const [first, ...rest] = indices;
      waiting = rest;
      changed(true);
      show(first);
    },
    /** Go on, now that the last is on the screen. */
    proceed() {
      if (!waiting.length) {
        if (!timer) changed(false);
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => {
        timer = undefined;
        if (!waiting.length) return;
        const [next, ...rest] = waiting;
        waiting = rest;
        show(next);
      }, PACE_MS);
    },
  };
  return playing;
}

/** Stand-ins for what modules are given: payloads, elements and events of which a test says what it reads, and no more. */

/**
 * @typedef {typeof import("../../assets/js/data/tensors.mjs").openTensors} OpenTensors
 * @typedef {import("../../assets/js/stage/states.mjs").States} States
 * @typedef {import("../../assets/js/stage/tour_view.mjs").TourView} TourView
 */
/** @template T @typedef {T extends (infer One)[] ? Some<One>[] : T extends object ? {[K in keyof T]?: Some<T[K]>} : T} Some parts of it, and of its parts */

/** @param {any} given @returns {any} */
const as = (given) => given;

/** @type {(given: Some<import("../../assets/js/data/tensors.mjs").Announcement>) => import("../../assets/js/data/tensors.mjs").Announcement} */
export const announced = as;
/** @type {(given: Some<import("../../assets/js/data/tensors.mjs").Tensor>) => import("../../assets/js/data/tensors.mjs").Tensor} */
export const tensor = as;
/** @type {(given: Some<import("../../assets/js/data/layers.mjs").AlignmentNote>) => import("../../assets/js/data/layers.mjs").AlignmentNote} */
export const alignmentNote = as;
/** @type {(given: Some<import("../../assets/js/data/layers.mjs").LayerState>) => import("../../assets/js/data/layers.mjs").LayerState} */
export const layerState = as;
/** @type {(given: Some<import("../../assets/js/data/attack.mjs").AttackNote>) => import("../../assets/js/data/attack.mjs").AttackNote} */
export const attackNote = as;
/** @type {(given: Some<import("../../assets/js/data/attack.mjs").DetoursNote>) => import("../../assets/js/data/attack.mjs").DetoursNote} */
export const detoursNote = as;
/** @type {(given: Some<import("../../assets/js/data/training.mjs").Report>) => import("../../assets/js/data/training.mjs").Report} */
export const trainingReport = as;
/** @type {(given: Some<import("../../assets/js/charts/motion.mjs").Motion>) => import("../../assets/js/charts/motion.mjs").Motion} */
export const motionOf = as;

/** @type {(given: Partial<ReturnType<OpenTensors>>) => ReturnType<OpenTensors>} */
export const tensorsOf = as;
/** @type {(given: Partial<States>) => States} */
export const statesOf = as;
/** @type {(given: Partial<TourView>) => TourView} */
export const tourView = as;

/** What has a few of an element's properties; a test may change them. @type {(given: Partial<HTMLElement>) => HTMLElement} */
export const element = as;
/** @type {(given: {[K in keyof Document]?: any}) => Document} */
export const documentOf = as;

/** A key, pressed with no other. @param {Partial<KeyboardEvent>} given @returns {KeyboardEvent} */
export const pressed = (given) => as({ ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...given });

/** A `fetch` whose answers the test writes. @param {(url: string, signal: AbortSignal) => Promise<Response>} answer @returns {typeof fetch} */
export const fetchOf = (answer) => (url, options) => answer(String(url), as(options?.signal));

/** Places in pixels. @param {...import("../../assets/js/points/hits.mjs").Place} all */
export const places = (...all) => all;

/** Give modules something that keeps as a browser does, and no page to say anything on. @returns {Map<string, string>} what it keeps */
export function keepHere() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const storage = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => void kept.set(key, text),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true, writable: true });
  globalThis.document = documentOf({ querySelector: () => null });
  return kept;
}

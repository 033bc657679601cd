// @ts-check
/** What is asked of the server about two runs: a plane, all layers, a file; and what comes back. */

import { noUpdate, setProps } from "../core/dash.mjs";

/** @typedef {import("../payloads.mjs").TwoRunsAnswer} Answer @typedef {import("../payloads.mjs").TwoRunsQuestion} Question */

/** Who waits for an answer. @type {((answer: Answer) => void)|null} */
let awaiting = null;

/** Something that was asked of two runs has been answered. @param {Answer|null} answer */
export function showTwoRunsAnswer(answer) {
  if (answer) awaiting?.(answer);
  return noUpdate();
}

/**
 * @param {string} store id of the store that questions are put into
 * @param {(kind: string, answer: Answer) => void} told an answer that is still waited for
 */
export function createAsking(store, told) {
  /** the last question of each kind @type {Map<string, number>} */
  const asked = new Map();
  let last = 0;
  /** @param {Answer} answer */
  function take(answer) {
    for (const [kind, nonce] of asked) {
      if (nonce !== answer.nonce) continue;
      asked.delete(kind);
      told(kind, answer);
    }
  }
  awaiting = take;
  return {
    /** @param {Omit<Question, "nonce">} question */
    ask(question) {
      const nonce = (last = Math.max(Date.now(), last + 1));
      asked.set(question.kind, nonce);
      setProps(store, { data: { ...question, nonce } });
    },
    /** What was asked is wanted no more: something else is shown. */
    forget: () => asked.clear(),
    leave() {
      if (awaiting === take) awaiting = null;
    },
  };
}

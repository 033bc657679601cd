/** A view that is asked for, and then is not wanted any more. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { createFinding, showAnswer } from "../../assets/js/pages/finding.mjs";

test("an answer that is no longer waited for turns nothing", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {any[]} */
  const asked = [];
  const noUpdate = Symbol("no update");
  Object.assign(globalThis, { window: { dash_clientside: { no_update: noUpdate, set_props: (/** @type {any} */ ...put) => asked.push(put) } } }); // prettier-ignore
  Object.assign(globalThis, { dash_clientside: /** @type {any} */ (globalThis).window.dash_clientside });
  /** @type {any} */
  const page = {
    querySelector: () => ({ textContent: "", hidden: false }),
    querySelectorAll: () => [],
    isConnected: true,
  };
  let turned = 0;
  /** @type {any} */
  const view = {
    states: null,
    run: { run: "mine", layer: "softmax", p: 2 },
    clock: { number: 1 },
    turning: { seen: [], lookAlong: () => turned++ },
    magnifier: { follow() {} },
  };
  /** @type {[string, boolean][]} */
  const said = [];
  const finding = createFinding(page, view, "store", () => {}, (text, busy) => said.push([text, busy])); // prettier-ignore
  assert.equal(finding.cancel(), false, "nothing is waited for");
  const ask = () => {
    finding.ask({ kind: "gap" });
    return asked[asked.length - 1][1].data.nonce;
  };
  const answer = (/** @type {number} */ nonce) => showAnswer(/** @type {any} */ ({ nonce, columns: [[1, 0], [0, 1]], ids: [], text: "Found." })); // prettier-ignore
  const nonce = ask();
  assert.deepEqual(said[said.length - 1], ["", true]);
  assert.ok(finding.cancel());
  assert.deepEqual(said[said.length - 1], ["", false]);
  answer(nonce);
  assert.equal(turned, 0);
  answer(ask());
  assert.equal(turned, 1);
  assert.deepEqual(said[said.length - 1], ["Found.", false]);
});

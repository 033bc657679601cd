import assert from "node:assert/strict";
import { test } from "node:test";
import { createAddress } from "../../assets/js/state/address.mjs";

/** A window that remembers what its address was changed to. @param {string} search */
function windowAt(search) {
  const location = { pathname: "/grand-tour", search, hash: "#x" };
  /** @type {string[]} */
  const written = [];
  const history = {
    state: null,
    replaceState(/** @type {unknown} */ _state, /** @type {string} */ _title, /** @type {string} */ address) {
      written.push(address);
      location.search = address.slice(address.indexOf("?"), address.indexOf("#"));
    },
  };
  return { win: /** @type {any} */ ({ location, history }), location, written };
}

test("the address says what is shown, keeps the seed, and is left alone where nothing changed", () => {
  const { win, written } = windowAt("?seed=7&epoch=1");
  let query = "run=a&epoch=2";
  const address = createAddress(() => query, win);
  address.now();
  address.now();
  assert.deepEqual(written, ["/grand-tour?run=a&epoch=2&seed=7#x"]);
  query = "run=a&epoch=3";
  address.now();
  assert.equal(written.length, 2);
});

test("another page's address is not touched, and nothing is written of what is not there yet", () => {
  const { win, location, written } = windowAt("?a=1");
  const nothing = createAddress(() => null, win);
  nothing.now();
  const address = createAddress(() => "b=2", win);
  location.pathname = "/layers";
  address.now();
  assert.deepEqual(written, []);
});

test("many changes are one change of the address", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { win, written } = windowAt("");
  let epoch = 0;
  const address = createAddress(() => `epoch=${epoch}`, win);
  for (; epoch < 60; epoch++) {
    address.later();
    t.mock.timers.tick(16);
  }
  assert.equal(written.length, 1);
  t.mock.timers.tick(1000);
  assert.equal(written.length, 2);
  address.later();
  address.leave();
  epoch = 99;
  t.mock.timers.tick(1000);
  assert.equal(written.length, 2);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { createAddress, enter } from "../../assets/js/state/address.mjs";

/** A window that remembers what its address was changed to. @param {string} search */
function windowAt(search) {
  const location = { pathname: "/grand-tour", search, hash: "#x" };
  /** @type {string[]} */
  const written = [];
  let entries = 1;
  const history = {
    state: null,
    get length() {
      return entries;
    },
    pushState(/** @type {unknown} */ state, /** @type {string} */ title, /** @type {string} */ address) {
      entries++;
      this.replaceState(state, title, address);
    },
    replaceState(/** @type {unknown} */ _state, /** @type {string} */ _title, /** @type {string} */ address) {
      written.push(address);
      location.search = (address.match(/\?[^#]*/) ?? [""])[0];
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

test("where the reader has gone on the same page the address is left alone", () => {
  const { win, location, written } = windowAt("?run=a");
  const address = createAddress(() => "run=a&epoch=1", win);
  address.now();
  location.search = "?run=b&epoch=5";
  address.now();
  assert.deepEqual(written, ["/grand-tour?run=a&epoch=1#x"]);
});

test("what is still to be written is written before the reader goes, and nothing where there is nothing", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { win, written } = windowAt("");
  let epoch = 1;
  const address = createAddress(() => `epoch=${epoch}`, win);
  address.flush();
  assert.deepEqual(written, []);
  address.later();
  address.flush();
  epoch = 2;
  address.flush();
  t.mock.timers.tick(1000);
  assert.deepEqual(written, ["/grand-tour?epoch=1#x"]);
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

test("what the page goes over to has an address of its own, which the page goes on to write", () => {
  const { win, location } = windowAt("?seed=7&epoch=1");
  const address = createAddress(() => "run=a&epoch=3", win);
  enter("run=a&epoch=2", false, win);
  assert.deepEqual([win.history.length, location.search], [2, "?run=a&epoch=2&seed=7"]);
  address.now();
  assert.deepEqual([win.history.length, location.search], [2, "?run=a&epoch=3&seed=7"]);
  enter("run=a&epoch=2", true, win);
  assert.deepEqual([win.history.length, location.search], [2, "?run=a&epoch=2&seed=7"]);
  address.leave();
});

// @ts-check
/** What stands in the place of plotly and of the address where pages are in a file. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { filled, plain } from "../../assets/js/alone/hover_text.mjs";
import { addressWith, asked, beginWith, forget, goTo, here, pageAddress } from "../../assets/js/alone/here.mjs";
import { bytesOf } from "../../assets/js/alone/packed.mjs";
import { axis, rangeOf, ticksOf } from "../../assets/js/alone/scale.mjs";
import { epochsOf } from "../../assets/js/alone/series.mjs";

test("an axis leads to pixels and back, upwards against the screen's way", () => {
  const across = axis([0, 10], 40, 200, false);
  assert.deepEqual([across.d2p(0), across.d2p(10), across.p2d(100)], [0, 200, 5]);
  const up = axis([0, 10], 0, 200, true);
  assert.deepEqual([up.d2p(0), up.d2p(10) + 0, up.p2d(50)], [200, 0, 7.5]);
  const rows = axis([2.5, -0.5], 0, 300, true); // the first row above
  assert.ok(rows.d2p(0) < rows.d2p(2));
});

test("ticks are round numbers, as many as are asked for, or those that are told", () => {
  assert.deepEqual(ticksOf({}, [0, 99]).map(([, text]) => text), ["0", "20", "40", "60", "80"]); // prettier-ignore
  assert.deepEqual(ticksOf({ nticks: 5, tickformat: ".0%" }, [-0.02, 1.02]).map(([, text]) => text), ["0%", "50%", "100%"]); // prettier-ignore
  assert.deepEqual(ticksOf({ dtick: 1 }, [0.5, 3.5]).map(([value]) => value), [1, 2, 3]); // prettier-ignore
  const told = { tickmode: "array", tickvals: [0, 3], ticktext: ["a", "b"] };
  assert.deepEqual(ticksOf(told, [0, 5]), [
    [0, "a"],
    [3, "b"],
  ]);
});

test("an axis goes over all values where its figure does not say from where to where", () => {
  assert.deepEqual(rangeOf({ range: [1, 2] }, [5]), [1, 2]);
  const [low, high] = rangeOf({ rangemode: "tozero" }, [null, 2, NaN, 4]);
  assert.ok(low === 0 && high > 4);
  assert.deepEqual(rangeOf({}, [null]), [0, 1]);
});

test("what is said of a point is plotly's template, with names letter by letter", () => {
  const said = "%{customdata[1]}, epoch %{x}: %{y:.1%}, %{customdata[0]:.2f}<extra></extra>";
  assert.equal(filled(said, { x: 3, y: 0.456, customdata: [1.005, "&lt;b&gt; &amp; 50&#37;"] }), "<b> & 50%, epoch 3: 45.6 %, 1.00"); // prettier-ignore
  assert.equal(plain("a &amp;lt; b"), "a &lt; b");
});

/** A window's address and history, as far as they are used. @param {boolean} writable */
function world(writable) {
  const location = { href: "file:///a.html", pathname: "/a.html", hash: "", protocol: "file:" };
  /** @param {any} _ @param {string} __ @param {string} url */
  const write = (_, __, url) => {
    if (!writable) throw new Error("not here");
    Object.assign(location, { hash: url, href: `file:///a.html${url}` });
  };
  Object.assign(globalThis, { location, history: { state: null, pushState: write, replaceState: write } });
  forget();
  return location;
}

test("an address of a file says the page, and what the page's address says", () => {
  for (const writable of [true, false]) {
    const location = world(writable);
    beginWith(["grand-tour", "layers"], "epoch=5");
    assert.deepEqual(asked(), { page: "grand-tour", query: "epoch=5" });
    goTo("layers", "state=3");
    assert.deepEqual(asked(), { page: "layers", query: "state=3" });
    here().history.replaceState(null, "", "/a.html/layers?state=4&run=a");
    assert.equal(here().location.search, "?state=4&run=a");
    assert.equal(here().location.pathname, "/a.html/layers");
    assert.equal(location.hash, writable ? "#layers?state=4&run=a" : "");
    goTo("grand-tour", "");
    assert.equal(here().location.search, "", "it is as it was left, and does not begin again");
    assert.ok(addressWith("epoch=7").endsWith("#grand-tour?epoch=7"));
    assert.equal(pageAddress("", "layers", "a=1"), "#layers?a=1");
  }
});

test("the address of a file of one page says the view alone", () => {
  const location = world(true);
  beginWith(["grand-tour"], "");
  here().history.replaceState(null, "", "/a.html/grand-tour?epoch=3");
  assert.equal(location.hash, "#epoch=3");
  assert.deepEqual(asked(), { page: "grand-tour", query: "epoch=3" });
});

test("letters are the bytes that Python made them of, whatever is lacking at the end", () => {
  const written = "kl9Iiaaaaaa2~jCouga$xSiG!oR;*?(z#_1*T3IF(jhw#akReiN?Ke)aa";
  assert.equal(gunzipSync(bytesOf(written)).toString(), "five letters for four bytes");
  assert.deepEqual(
    [bytesOf(""), bytesOf("aa"), bytesOf("aab")].map(({ length }) => length),
    [0, 1, 2],
  );
});

test("epochs are unfolded from what changes, up and down, past the ends of 16 bits", () => {
  const [low, high] = [
    [10, 1, 0, 3],
    [0, 0, 0, 0],
  ]; // of one value: 5, one less, the same, two less
  assert.deepEqual(
    epochsOf(new Uint8Array([...low, ...high]), 4),
    [5, 4, 4, 2].map((one) => new Uint16Array([one])),
  );
  const around = new Uint8Array([1, 2, 255, 0, 0, 0, 255, 0]); // -1, then 1; -32768, then 0
  assert.deepEqual(epochsOf(around, 2), [new Uint16Array([65535, 32768]), new Uint16Array([0, 32768])]);
});

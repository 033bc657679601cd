import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { writeLink } from "../../assets/js/state/link.mjs";
import { spreadColumns } from "../../assets/js/stage/named_views.mjs";
import { classColors } from "../../assets/js/points/palette.mjs";
import { assertClose } from "./golden.mjs";

const { links, spread, palette } = JSON.parse(readFileSync(new URL("link.json", import.meta.url), "utf8")); // tests/unit/ui/test_tour_link.py reads it too

test("a link is the one that Python writes", () => {
  for (const { query, ids, ...view } of links) {
    const chosen = Array.isArray(ids) ? ids : Array.from({ length: ids }, (_, i) => i);
    assert.equal(writeLink({ ...view, ids: chosen, kind: "layer", color: "label", images: false }).query, query);
  }
});

test("handles are spread as Python spreads them", () => {
  for (const { p, classes, columns } of spread) assertClose(spreadColumns(p, classes), columns, 1e-12);
});

test("classes have the colours that Python gives them", () => {
  for (const { k, colors } of palette) assert.deepEqual(classColors(k), colors);
});

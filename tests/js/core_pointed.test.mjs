/** What is pointed at is shown while it is: not where a pointer rests, nor after it pressed, nor under a finger. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { onPointed } from "../../assets/js/core/pointed.mjs";

/** An element that is pointed at: what was heard of the pointer. */
function heard() {
  const element = new EventTarget();
  const said = [];
  onPointed(
    element,
    () => said.push("comes"),
    () => said.push("goes"),
  );
  const send = (type, pointerType = "mouse") => element.dispatchEvent(Object.assign(new Event(type), { pointerType }));
  return { said, send };
}

test("a pointer comes when it moves, once, and goes", () => {
  const { said, send } = heard();
  for (const type of ["pointerenter", "pointermove", "pointermove", "pointerleave", "pointermove"]) send(type);
  assert.deepEqual(said, ["comes", "goes", "comes"]);
});

test("an element that comes under a pointer that rests is not pointed at", () => {
  const { said, send } = heard();
  send("pointerover");
  send("pointerenter");
  assert.deepEqual(said, []);
});

test("who pressed sees what was chosen until the pointer has left", () => {
  const { said, send } = heard();
  for (const type of ["pointermove", "click", "pointermove"]) send(type);
  assert.deepEqual(said, ["comes", "goes"]);
  send("pointerleave");
  send("pointermove");
  assert.equal(said.at(-1), "comes");
});

test("a finger points at nothing", () => {
  const { said, send } = heard();
  send("pointermove", "touch");
  assert.deepEqual(said, []);
});

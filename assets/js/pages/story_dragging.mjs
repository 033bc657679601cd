// @ts-check
/** Cards of a list that are dragged to another place by their grips. */

/**
 * @param {HTMLElement} list its children are the cards @param {(from: number, to: number) => void} move from an index to the one that it has then
 */
export function createDragging(list, move) {
  /** @type {HTMLElement|null} */
  let dragged = null;
  const cardOf = (/** @type {EventTarget|null} */ target) =>
    [...list.children].find((one) => one.contains(/** @type {Node} */ (target))) ?? null;
  const indexOf = (/** @type {Element} */ card) => [...list.children].indexOf(card);
  const clear = () => {
    for (const one of list.children) one.removeAttribute("data-gt-over");
  };

  /** Whether a card is to stand behind another. @param {DragEvent} event @param {Element} card */
  const isBehind = (event, card) => {
    const { top, height } = card.getBoundingClientRect();
    return event.clientY > top + height / 2;
  };

  list.addEventListener("dragstart", (event) => {
    dragged = /** @type {HTMLElement|null} */ (cardOf(event.target));
    if (!dragged || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged, 20, 20);
    dragged.setAttribute("data-gt-dragged", "");
  });
  list.addEventListener("dragover", (event) => {
    const over = dragged && cardOf(event.target);
    if (!over) return;
    event.preventDefault();
    clear();
    if (over !== dragged) over.setAttribute("data-gt-over", isBehind(event, over) ? "after" : "before");
  });
  list.addEventListener("drop", (event) => {
    const over = cardOf(event.target);
    if (!dragged || !over) return;
    event.preventDefault();
    const from = indexOf(dragged);
    const place = indexOf(over) + (isBehind(event, over) ? 1 : 0);
    move(from, place > from ? place - 1 : place);
  });
  list.addEventListener("dragend", () => {
    clear();
    dragged?.removeAttribute("data-gt-dragged");
    dragged = null;
  });
}

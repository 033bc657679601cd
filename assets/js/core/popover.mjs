// @ts-check
/**
 * A small box beside a button, above everything else: the browser's own popover, which a click elsewhere or Esc closes, and
 * which is cut off by nothing.
 */

const EDGE = 6; // px from the window's edge, and from the button

/** Whether one is open: Esc is for it then. */
export const popoverOpen = () => document.querySelector("[popover][data-gt-open]") !== null;

/**
 * Place what is open beside something, within the window.
 *
 * @param {HTMLElement} box @param {HTMLElement} of @param {"right"|"below"} [where] if there is room
 */
export function placeBeside(box, of, where = "right") {
  const { left, right, top, bottom } = of.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const fits = where === "right" && right + EDGE + width < innerWidth - EDGE;
  const x = fits ? right + EDGE : Math.max(EDGE, Math.min(left, innerWidth - width - EDGE));
  const y = fits ? top : bottom + EDGE + height < innerHeight ? bottom + EDGE : top - height - EDGE;
  box.style.left = `${x}px`;
  box.style.top = `${Math.max(EDGE, Math.min(y, innerHeight - height - EDGE))}px`;
}

/**
 * @param {HTMLElement} box becomes a popover; it is placed when it opens
 * @param {() => void} [opened]
 */
export function createPopover(box, opened) {
  box.setAttribute("popover", "");
  /** @type {HTMLElement|null} the button that it is beside */
  let beside = null;

  box.addEventListener("toggle", (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    box.toggleAttribute("data-gt-open", open);
    beside?.setAttribute("aria-expanded", String(open));
    if (!open) return;
    if (beside) placeBeside(box, beside);
    opened?.();
  });

  return {
    /** Open it beside a button, or close it. @param {HTMLElement} button */
    toggle(button) {
      beside = button;
      box.togglePopover();
    },
    get open() {
      return box.hasAttribute("data-gt-open");
    },
  };
}

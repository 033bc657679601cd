// @ts-check
/**
 * What all pages do: they are mounted once for each element, hear buttons and keys, tell of what goes wrong, bring
 * themselves up to date before the next picture, and end when they are left. Buttons say what they want by `data-gt-action`.
 */

import { part, toast } from "./dom.mjs";
import { setProps } from "./dash.mjs";
import { hearKeys, howOf } from "./keys.mjs";
import { whenLeft } from "./loop.mjs";

/** @typedef {import("../payloads.mjs").ActionWord} ActionWord */
/** @typedef {Partial<Record<ActionWord, Action>>} Actions what the words of a page do */
/** @typedef {(value: string, button?: HTMLElement, how?: ReturnType<typeof howOf>) => unknown} Action a button's `data-gt-value`, the button, and what a held key says; a key has no button */

/** @param {string} name its `data-gt-page` */
export const pageNamed = (name) => /** @type {HTMLElement|null} */ (document.querySelector(`[data-gt-page="${name}"]`));

/** All elements of a page that are of one kind. @param {ParentNode} root @param {string} selector */
export const elements = (root, selector) =>
  [...root.querySelectorAll(selector)].map((one) => /** @type {HTMLElement} */ (one));

/** The choices of a select. @param {string} id @returns {HTMLOptionElement[]} */
export const optionsOf = (id) => [.../** @type {HTMLSelectElement} */ (document.getElementById(id)).options];

/**
 * Choose something else in a select; Dash comes back with what follows from it.
 *
 * @param {string} id @param {string|null|undefined} wanted @param {string|undefined} now what is shown or announced
 * @returns {boolean} whether it was there to be chosen, and had not been
 */
export function choose(id, wanted, now) {
  if (!wanted || wanted === now || !optionsOf(id).some(({ value }) => value === wanted)) return false;
  if (/** @type {HTMLSelectElement} */ (document.getElementById(id)).value === wanted) return false;
  setProps(id, { value: wanted });
  return true;
}

/** How each page was left, for when the reader comes back. @type {Map<string, any>} */
const left = new Map();

/** @param {string} name of the page, or of a part of it @param {object} state */
export const leave = (name, state) => void left.set(name, state);

/** What was kept by `leave` under a name; null for a page that was not open yet. @param {string} name @returns {any} */
export const leftAt = (name) => left.get(name) ?? null;

/**
 * Pages by their element: made when they are first asked for, and then the same.
 *
 * @template M, P
 * @param {(root: HTMLElement, mount: M) => P|Promise<P>} make
 */
export function createMounts(make) {
  /** @type {WeakMap<Element, Promise<P>>} */
  const mounted = new WeakMap();
  return {
    /** @param {Element} root */
    has: (root) => mounted.has(root),
    /** The page, if it has been asked for. @param {Element|null} root @returns {Promise<P|undefined>} */
    get: async (root) => (root ? mounted.get(root) : undefined),
    /** @param {HTMLElement} root @param {M} mount @returns {Promise<P>} */
    open(root, mount) {
      let page = mounted.get(root);
      if (!page) mounted.set(root, (page = Promise.resolve(make(root, mount))));
      return page;
    },
  };
}

/** Say what went wrong; that a request was called off is no news. @param {unknown} problem */
export function tellProblem(problem) {
  if (problem instanceof DOMException && problem.name === "AbortError") return;
  toast(problem instanceof Error ? problem.message : String(problem), "error");
}

export class Page {
  /** @type {(() => void)[]} */
  #ends = [];

  /** What buttons and keys do, by their action. @type {Record<string, Action>} */
  actions = {};

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    root.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement|null} */ (
        /** @type {Element} */ (event.target).closest("[data-gt-action]")
      );
      if (button) this.act(button.dataset.gtAction ?? "", button.dataset.gtValue, button, howOf(event));
    });
    whenLeft(root, () => {
      for (const end of this.#ends) end();
    });
  }

  /** Do something when the page is left. @param {...(() => void)} ends */
  onLeave(...ends) {
    this.#ends.push(...ends);
  }

  /** @param {import("./keys.mjs").KeyRow[]} rows the keys that it hears */
  hear(rows) {
    this.onLeave(hearKeys(rows, ([action, value]) => this.act(this.meant(action), value)));
  }

  /** What a key means now. @param {string} action it says @returns {string} */
  meant(action) {
    return action;
  }

  /** Whether something can be done with what is shown. @param {string} action */
  possible(action) {
    return action in this.actions;
  }

  /** @param {string} action @param {string} [value] @param {HTMLElement} [button] @param {ReturnType<typeof howOf>} [how] what a held key says @returns {boolean} whether it could be done */
  act(action, value = "", button = undefined, how = "new") {
    if (!this.possible(action) || !(action in this.actions)) return false;
    const doing = this.actions[action](value, button, how);
    if (doing instanceof Promise) doing.catch(tellProblem);
    return true;
  }

  /** @param {import("../payloads.mjs").Part} name of a part of the page */
  part(name) {
    return part(this.root, name);
  }

  /** The buttons of an action. @param {ActionWord} action */
  buttons(action) {
    return elements(this.root, `[data-gt-action="${action}"]`);
  }
  /** Show a button as pressed or not. @param {ActionWord} action @param {boolean} on @param {string} icon name */
  press(action, on, icon) {
    for (const button of this.buttons(action)) {
      button.setAttribute("aria-pressed", String(on));
      const mark = button.querySelector(".gt-icon");
      if (mark) mark.className = `gt-icon gt-icon-${icon}`;
    }
  }
  /** Show which of several is chosen. @param {ActionWord} action @param {string} value */
  mark(action, value) {
    for (const button of this.buttons(action))
      button.setAttribute("aria-pressed", String(button.dataset.gtValue === value));
  }
  /** @param {ActionWord} action @param {boolean} on whether its buttons can be pressed */
  enable(action, on) {
    for (const button of this.buttons(action)) /** @type {HTMLButtonElement} */ (button).disabled = !on;
  }

  /**
   * Something to be done once, before the next picture, however often it is asked for till then.
   *
   * @param {() => void} act @param {boolean} [behind] behind that picture instead: it comes first
   * @returns {() => void} asks for it
   */
  soon(act, behind = false) {
    let pending = 0;
    const now = () => {
      pending = 0;
      if (this.root.isConnected) act();
    };
    this.onLeave(() => cancelAnimationFrame(pending));
    return () => {
      pending ||= requestAnimationFrame(behind ? () => setTimeout(now) : now);
    };
  }
}

// @ts-check
/**
 * What can be taken back, whatever it was: a view, a selection, what is hidden. One history for the whole app, in the order
 * in which things were done; what belongs to a page is forgotten with it, what belongs to a run when another is shown.
 */

const REMEMBERED = 100; // steps to go back

/**
 * @template S
 * @typedef {object} Source of a state that can be taken back
 * @property {() => S} now @property {(state: S) => void} put
 * @property {(state: S) => string} [run] whose state it is; without, it is of any
 */

/** @typedef {Map<string, {source: Source<any>, state: any}>} Step states by name, which are taken back together */

export function createHistory() {
  /** @type {Step[]} */
  let past = [];
  /** @type {Step[]} */
  let future = [];
  /** @type {Step|null} what is done together now */
  let open = null;
  let travelling = false;
  /** @type {Set<() => void>} */
  const listeners = new Set();

  const tell = () => {
    for (const listener of [...listeners]) listener();
  };

  /** @param {Step[]} from @param {Step[]} to */
  function travel(from, to) {
    const step = from.pop();
    if (!step || travelling) return;
    travelling = true;
    try {
      to.push(new Map([...step].map(([name, { source }]) => [name, { source, state: source.now() }])));
      for (const { source, state } of step.values()) source.put(state);
    } finally {
      travelling = false;
    }
    tell();
  }

  /** Keep some states only. @param {(name: string, entry: {source: Source<any>, state: any}) => boolean} keeps */
  function prune(keeps) {
    const kept = (/** @type {Step[]} */ steps) =>
      steps.map((step) => new Map([...step].filter(([name, one]) => keeps(name, one)))).filter(({ size }) => size);
    [past, future] = [kept(past), kept(future)];
    tell();
  }

  return {
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
    undo: () => travel(past, future),
    redo: () => travel(future, past),

    /**
     * Keep a state as it is, to come back to: it is about to change.
     *
     * @template S
     * @param {string} name one for each thing that changes by itself @param {Source<S>} source
     */
    remember(name, source) {
      if (travelling) return;
      const step = open ?? new Map();
      if (step.has(name)) return;
      if (!step.size) past.push(step);
      step.set(name, { source, state: source.now() });
      if (past.length > REMEMBERED) past.shift();
      future = [];
      tell();
    },

    /** What is changed meanwhile is taken back in one step. @param {() => void} act */
    together(act) {
      if (open) return act();
      open = new Map();
      try {
        act();
      } finally {
        open = null;
      }
    },

    /** Nothing of a name is taken back any more. @param {string} name */
    forget: (name) => prune((one) => one !== name),

    /** Another run is shown: what is of others is forgotten. @param {string} run */
    show: (run) => prune((_, { source, state }) => !source.run || source.run(state) === run),

    /** The states of a name, become others. @template S @param {string} name @param {(state: S) => S} become */
    map(name, become) {
      for (const step of [...past, ...future]) {
        const entry = step.get(name);
        if (entry) step.set(name, { ...entry, state: become(entry.state) });
      }
    },

    /** Hear of every change of what can be taken back. @param {() => void} listener @returns {() => void} ends it */
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** @typedef {ReturnType<typeof createHistory>} History */

/** That of the app. */
export const history = createHistory();

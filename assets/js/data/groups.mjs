// @ts-check
/** What points are told apart by, and whose handles there are: classes, and attacked points as a group behind them. */

/** @typedef {import("./tensors.mjs").Announcement} Announcement */

/** Whether a layer says itself what the network predicts: one axis a class. @param {Announcement} run */
export const saysItself = (run) => Object.values(run.splits).every((split) => !split.outputs.length);

/** Whether each point has one of classes that exclude each other, which the network's outputs are. @param {{task: string}} run */
export const hasClasses = ({ task }) => task === "classification" || task === "binary";

/** Whether handles are of classes, in their colours; those of an embedding never are. @param {Announcement} run */
export const hasClassHandles = (run) =>
  hasClasses(run) && !run.embedding && (saysItself(run) || Boolean(run.alignment));

/** Names of the handles, in the order of the dimensions; there may be fewer. @param {Announcement} run */
export const handleNames = (run) => (run.alignment ? outputNames(run) : (run.axes ?? []));

/** Names of the outputs, where an aligned network's coordinates can be these. @param {Announcement} run */
const outputNames = ({ outputs, p }) => (outputs.length <= p ? outputs.map(({ name }) => name) : []);

/** Names of the groups. @param {Announcement} run */
export const groupNames = ({ classes, attack }) => [...classes, ...(attack ? ["adversarial"] : [])];

/** What a group is, in a word: a class, where each point has one, or just a group. @param {Announcement} run @returns {(c: number) => string} of group c */
export const groupWord = (run) => (c) => (hasClasses(run) && c < run.classes.length ? "class" : "group");

/** The group of each point. @param {Announcement} run @param {Uint16Array} labels */
export function groupsOf({ classes, attack }, labels) {
  if (!attack) return labels;
  const groups = labels.slice();
  for (const i of attack.attacked) groups[i] = classes.length;
  return groups;
}

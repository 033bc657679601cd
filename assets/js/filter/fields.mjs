// @ts-check
/** What points can be searched by: who they are, what the network says of them, and their run's own columns. */

import { hasClasses } from "../data/groups.mjs";
import { UNDECIDED } from "../data/predictions.mjs";
import { SPLITS } from "../data/splits.mjs";
import { groupsOf } from "../state/kept_groups.mjs";
import { gives, short, wrongBy } from "../points/values.mjs";
import { dayOf } from "../points/dates.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../points/colorings.mjs").Said} Said
 * @typedef {import("../stage/stage.mjs").Points & {split: string}} Searched points of one split
 * @typedef {"number"|"date"|"name"|"names"|"text"|"truth"|"any"} Kind
 * @typedef {object} Field
 * @property {string} name @property {string[]} [aliases] other names
 * @property {Kind} kind
 * @property {string} what it is, in a few words
 * @property {boolean} told whether it is what the network says, and so of an epoch
 * @property {string[]} names of a "name" or "names" those that there are, of a "text" all texts; else none
 * @property {(i: number, points: Searched, said: Said|null) => number|boolean|number[]|null} value of a point: a number, a position in `names`,
 *   yes or no, of "names" positions; null or NaN where it is missing. Of "any" nothing
 */

/** The fields of a run's points, those that all have first. @param {Announcement} run @returns {Field[]} */
export function fieldsOf(run) {
  const own = [...ofPoint(run), ...(hasClasses(run) ? ofClasses(run) : ofValues(run))];
  const taken = new Set(own.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
  const columns = run.columns.map((note, at) => ofColumn(note, at, taken.has(note.name.toLowerCase())));
  const told = own.some((field) => field.told && field.kind === "name");
  return [...own, ...columns, { name: "any", kind: "any", what: "text in any of these", told, names: [], value: () => null }]; // prettier-ignore
}

/** @param {Announcement} run @returns {Field[]} */
function ofPoint(run) {
  const word = hasClasses(run) ? "true class" : "group";
  /** @type {Field[]} */
  const fields = [
    { name: "id", kind: "number", what: "number of the point", told: false, names: [], value: (i, { ids }) => ids[i] },
  ]; // prettier-ignore
  if (!run.two)
    fields.push({
      name: "split", kind: "name", what: "training or test", told: false, names: SPLITS,
      value: (_, { split }) => SPLITS.indexOf(split),
    }); // prettier-ignore
  if (run.task !== "multilabel" && run.classes.length > 1)
    fields.unshift({
      name: "label", aliases: hasClasses(run) ? ["class"] : ["group"], kind: "name", what: word, told: false, names: run.classes,
      value: (i, { labels }) => labels[i],
    }); // prettier-ignore
  fields.push(ofGroups(run, run.task !== "multilabel" && run.classes.length > 1));
  if (run.attack) {
    const k = run.classes.length;
    fields.push({ name: "attacked", kind: "truth", what: "whether it is attacked", told: false, names: [], value: (i, { groups }) => groups?.[i] === k }); // prettier-ignore
  }
  return fields;
}

/** The groups that the reader has made. Where points have groups of their own, "group" means these. @param {Announcement} run @param {boolean} labelled @returns {Field} */
function ofGroups(run, labelled) {
  const [list, own] = [groupsOf(run), labelled && !hasClasses(run)];
  return {
    name: own ? "groups" : "group",
    aliases: own ? [] : ["groups"],
    kind: "names",
    what: "group that you have made",
    told: false,
    names: list.map(({ name }) => name),
    value(i, { ids }) {
      const within = list.flatMap((group, at) => (group.ids.has(ids[i]) ? [at] : []));
      return within.length ? within : null;
    },
  };
}

/** @param {Announcement} run @returns {Field[]} */
const ofClasses = ({ classes }) => [
  {
    name: "predicted", aliases: ["prediction"], kind: "name", what: "class that the network says", told: true, names: [...classes, UNDECIDED],
    value: (i, _, said) => said?.predicted[i] ?? null,
  },
  { name: "confidence", kind: "number", what: "largest share, 0 to 1", told: true, names: [], value: (i, _, said) => said?.confidence[i] ?? null },
  { name: "correct", kind: "truth", what: "whether predicted rightly", told: true, names: [], value: (i, { labels }, said) => said && said.predicted[i] === labels[i] },
]; // prettier-ignore

/** Of points that have no one class: what their outputs should be, are, and how far these are apart. @param {Announcement} run @returns {Field[]} */
function ofValues({ outputs, task, splits }) {
  const k = outputs.length;
  const aimed = Object.values(splits).some(({ targets }) => targets);
  const each = aimed || splitsSayEach(task, k) ? outputs : [];
  /** @type {Field[]} */
  const fields = each.flatMap(({ name }, axis) => {
    const is = task === "multilabel" ? "share" : "output";
    /** @type {Field} */
    const output = { name: `${is} ${name}`, kind: "number", what: "what the network gives", told: true, names: [], value: (i, _, said) => (said?.given ? gives(said.given, i, axis) : null) }; // prettier-ignore
    /** @type {Field} */
    const target = { name: `true ${name}`, kind: "number", what: "what it should give", told: false, names: [], value: (i, { targets }) => targets?.[i * k + axis] ?? null }; // prettier-ignore
    return aimed ? [target, output] : [output];
  });
  if (aimed)
    fields.push({
      name: "error", kind: "number", what: task === "multilabel" ? "labels that are wrong" : "distance from what it should give", told: true, names: [],
      value: (i, { targets }, said) => (said?.given && targets ? wrongBy(said.given, targets, i, task === "multilabel") : null),
    }); // prettier-ignore
  return fields;
}

const MOST = 100; // values of an output that are said one by one, as gt/serve/tasks.py has it
/** @param {string} task @param {number} k */
const splitsSayEach = (task, k) => !hasClasses({ task }) && k <= MOST;

/** @type {Record<import("../payloads.mjs").ColumnNote["kind"], Kind>} */
const KINDS = { number: "number", date: "date", category: "name", text: "text", url: "text" };

/** @param {import("../payloads.mjs").ColumnNote} note @param {number} at @param {boolean} taken whether its name is another field's @returns {Field} */
function ofColumn(note, at, taken) {
  const kind = KINDS[note.kind];
  return {
    name: taken ? `column ${note.name}` : note.name,
    kind,
    what: whatOf(note),
    told: false,
    names: kind === "name" || kind === "text" ? note.names : [],
    value: (i, { n, columns }) => columns?.[at * n + i] ?? NaN,
  };
}

/** @param {import("../payloads.mjs").ColumnNote} note */
function whatOf({ kind, low, high }) {
  if (kind === "number" && low !== null && high !== null) return `${short(low)} to ${short(high)}`;
  if (kind === "date" && low !== null && high !== null) return `${dayOf(low)} to ${dayOf(high)}`;
  return kind === "url" ? "address" : kind;
}

/** The field of a name, however it is written; undefined where there is none. @param {readonly Field[]} fields @param {string} name */
export function fieldNamed(fields, name) {
  const asked = name.toLowerCase();
  const own = (/** @type {Field} */ field) => [field.name, ...(field.aliases ?? [])];
  return (
    fields.find((field) => field.name === name) ?? fields.find((field) => own(field).some((one) => one.toLowerCase() === asked))
  ); // prettier-ignore
}

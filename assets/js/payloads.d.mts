/**
 * What pages are told and tell, field by field: written from the TypedDicts of gt.serve.payloads, gt.state, gt.views.kinds by
 * `python -m tests.payload_types`; change those. Behind them are the words of gt.words.
 */

/** A binary tensor to be fetched, little-endian, C order. */
export interface Tensor {
  /** relative to the app's root */
  url: string;
  shape: number[];
  /** "uint8", "uint16", "int32", "float32", "float64" */
  dtype: string;
}

/** One epoch of one layer for one split: uint16, shape (n, p); x = value * scale + offset. */
export interface Slice {
  url: string;
  scale: number;
  offset: number;
}

/** The probe points of one split. */
export interface Split {
  n: number;
  /** (n,) int32, or float64 where ids exceed it */
  ids: Tensor;
  /** (n,) uint16, class numbers */
  labels: Tensor;
  /** (n, h, w, c) uint8 */
  images: Tensor | null;
  /** (c, n) float64, further values of each point; NaN where one is missing */
  columns: Tensor | null;
  targets: Tensor | null;
  /** one an epoch, in the order of `epochs` */
  slices: Slice[];
  outputs: Slice[];
}

/** What is known of an embedding that was brought: what its maker said, word for word. */
export interface ImportedNote {
  title: string;
  /** how it was made, in a sentence; None where that was not said */
  by: string | null;
  /** further things that were said of how it was made */
  told: Record<string, string>;
}

/** What is said of an embedding beside its picture. */
export interface EmbeddingNote {
  /** unique among those of its run */
  name: string;
  /** see gt.embed.METHODS; may be one that is not known here */
  method: string;
  /** of which it is */
  layer: string;
  split: string;
  /** points in the picture ... */
  n: number;
  /** ... of this many in the split */
  of: number;
  /** those that the store says */
  parameters: Record<string, number>;
  /** None where the store does not say */
  seed: number | null;
  /** of the libraries that decided it, as far as the store says */
  versions: Record<string, string>;
  /** that it took */
  seconds: number | null;
  /** None of one that was computed */
  imported: ImportedNote | null;
  principal: [number, number][] | null;
}

/** What a page is told instead where nothing can be said of a run; why is on the page. */
export interface Failed {
  /** name of the run */
  failed: string;
}

/** A recorded layer. */
export interface NamedLayer {
  name: string;
  /** "Conv2d" */
  kind: string;
}

/** A further value of each point. */
export interface ColumnNote {
  name: string;
  /** a date is a number: seconds since 1970 in UTC */
  kind: "number" | "category" | "date" | "text" | "url";
  /** of the categories, which the values are positions in; empty for others */
  names: string[];
  /** of texts and addresses the same as a list in JSON, uint8 */
  texts: Tensor | null;
  /** of the numbers or dates that are there; None where none is, and for others */
  low: number | null;
  high: number | null;
  /** of how many points of the run it is not known */
  missing: number;
}

/** One value of what the network gives. */
export interface OutputAxis {
  name: string;
  low: number | null;
  high: number | null;
}

/** A way to colour the points, as an option of a select. */
export interface ColoringChoice {
  /** see assets/js/points/colorings.mjs */
  value: string;
  label: string;
}

/** `announcement-store`: what a page needs to know to show a layer of a run, or an embedding. */
export interface Announcement {
  run: string;
  title: string;
  uid: string;
  /** or the name of the embedding */
  layer: string;
  /** in network order */
  layers: NamedLayer[];
  p: number;
  /** the largest norm of a point, or 1 for a softmax: the plot's unit */
  radius: number;
  /** names of the handles; none for a picture that is flat already */
  axes: string[] | null;
  /** of the points' groups */
  classes: string[];
  /** "classification", "binary", "multilabel", "regression" or "none" */
  task: string;
  /** "epoch" or "step": what `epochs` counts */
  unit: string;
  /** whether it is data that somebody opened, and no network's */
  opened: boolean;
  /** the values that the network gives */
  outputs: OutputAxis[];
  columns: ColumnNote[];
  colorings: ColoringChoice[];
  epochs: number[];
  /** "train", "test"; a split without points is absent */
  splits: Record<string, Split>;
  /** of what it is, where it is no layer */
  embedding: EmbeddingNote | null;
  /** named ones, of the page's kind */
  views?: (NamedView | LayerView | AttackView)[];
}

/** What was added to a split. */
export interface GrownSplit {
  slices: Slice[];
  outputs: Slice[];
}

/** `/grown`: what a layer has beyond the epochs that were announced. */
export interface Grown {
  /** the numbers of those that were added */
  epochs: number[];
  /** of them alone */
  radius: number;
  splits: Record<string, GrownSplit>;
}

/** A run as it is now, in few words. */
export interface LiveRun {
  name: string;
  title: string;
  uid: string;
  /** how many there are */
  epochs: number;
  /** the number of the last */
  last: number | null;
  /** whether it is being recorded now */
  live: boolean;
  attack: boolean;
}

/** `/live`: the runs that are there now, which pages ask for again and again. */
export interface Live {
  /** in the order of the lists; those without an epoch are in none yet */
  runs: LiveRun[];
}

/** A page that can show a run. */
export interface Opens {
  /** as the navigation calls it */
  page: string;
  href: string;
}

/** What is in the folders of the server: a run, or what cannot be opened. */
export interface ListedRun {
  /** by which it is renamed and deleted */
  key: string;
  /** a run that waits has no epoch yet */
  kind: "training" | "attack" | "waiting" | "unshown";
  /** in links */
  name: string;
  title: string;
  /** its own, behind the one that it is in: "runs/mine" */
  folder: string;
  /** "" of what cannot be opened, and of that the rest is empty, 0 or None */
  uid: string;
  task: string;
  n: number;
  epochs: number;
  unit: string;
  layers: number;
  written: number | null;
  live: boolean;
  /** why it cannot be shown, or not all of it */
  problem: string;
  /** why it can be neither renamed nor deleted; "" where it can be */
  fixed: string;
  opens: Opens[];
}

/** A run that was deleted and can be put back. */
export interface TrashedRun {
  key: string;
  title: string;
  /** of its folder */
  name: string;
  /** when it is taken away: seconds since 1970, UTC */
  until: number;
}

/** A folder of the server in which there is no run. */
export interface EmptyFolder {
  name: string;
  /** why */
  said: string;
}

/** `/runs/list`: all that is in the folders of the server. */
export interface RunList {
  runs: ListedRun[];
  empty: EmptyFolder[];
  trash: TrashedRun[];
  read_only: boolean;
  /** the folder that a file which is brought goes into; None where there is none */
  into: string | null;
}

/** `runs-store`: what the page of all runs is handed. */
export interface RunsMount {
  /** prefix under which the app is served */
  base: string;
  list: RunList;
  /** of files that can be brought, with their dot */
  endings: string[];
  /** bytes of what can be brought at once */
  largest: number;
}

/** A story that lies beside a run, in a list. */
export interface StoryLink {
  title: string;
  /** of its first view */
  href: string;
}

/** What takes longer to say of a run. */
export interface RunDetails {
  /** bytes of its folder */
  size: number;
  /** what is kept of it, counted: "3 embeddings" */
  beside: string[];
  /** what of that cannot be opened */
  problem: string;
  /** all pages that can show it */
  opens: Opens[];
  stories: StoryLink[];
}

/** `/runs/details`: the same of all of them. */
export interface RunDetailsOf {
  /** by their keys */
  of: Record<string, RunDetails>;
}

/** A file that is about to be brought. */
export interface Brought {
  name: string;
  /** bytes */
  size: number;
}

/** `/uploads/…/look`: how files that were brought are to be read; "" to have it found by looking. */
export interface BringChoices {
  /** name of the column that tells groups apart; "none" for none */
  label: string;
  /** likewise, of times */
  time: string;
  /** likewise, of what says which rows are the same point */
  point: string;
  /** columns or patterns of them, with commas between */
  coords: string;
  /** "auto", "none", "standard" or "robust" */
  scale: string;
  /** "refuse" or "drop" */
  not_finite: string;
}

/** A column of a file that was brought. */
export interface PreviewColumn {
  name: string;
  /** "number" */
  kind: string;
  /** "coordinate" */
  role: string;
  why: string;
  example: string;
}

/** What is in files that were brought, before anything is written of them. */
export interface Preview {
  /** "CSV with commas between" */
  kind: string;
  title: string;
  n: number;
  p: number;
  epochs: number;
  unit: string;
  groups: number;
  scale: string;
  why_scale: string;
  /** the first ones ... */
  columns: PreviewColumn[];
  /** ... of so many */
  of_columns: number;
  /** the first rows, a cell for each of the first columns */
  rows: string[][];
  notes: string[];
  /** the folder that it would go into */
  into: string;
}

/** `/uploads/…`: how far files that were brought are on their way into a run. */
export interface BringState {
  phase: "waiting" | "writing" | "done" | "failed";
  /** parts of the work ... */
  done: number;
  /** ... of so many */
  total: number;
  /** what is being done, or why it failed */
  said: string;
  /** the name of the run that was made */
  run: string;
}

/** A block of the network that one image goes through. */
export interface NetworkLayer {
  name: string;
  kind: string;
  /** of gt.layers.FAMILIES */
  family: "input" | "convolution" | "pooling" | "elementwise" | "linear" | "softmax" | "other";
  /** of what it puts out */
  shape: number[];
  /** whether its weights can be asked for */
  kernels: boolean;
}

/** A class that is learnt late. */
export interface Late {
  /** in which it is learnt */
  epoch: number;
  label: number;
}

/** `network-announcement-store`: what the page of one image needs to know of a run. */
export interface NetworkAnnouncement {
  run: string;
  title: string;
  uid: string;
  /** of the points' groups */
  classes: string[];
  /** as of an Announcement */
  task: string;
  unit: string;
  /** names of the values that the network gives */
  outputs: string[];
  epochs: number[];
  /** epochs that can be shown; of any other the nearest of them is */
  available: number[];
  /** from the input to the softmax, or those that were recorded */
  layers: NetworkLayer[];
  /** ids of some points of each class */
  samples: number[];
  images: boolean;
  late: Late | null;
  /** how the values come about, for people */
  origin: string;
  /** ids of the points that can be shown, where these are not all */
  only: number[] | null;
}

/** One state of a network: the data behind one of its layers. */
export interface LayerState {
  name: string;
  title: string;
  /** of the layer: "Conv2d" */
  kind: string;
  /** whose colour, `--gt-kind-<family>`, and glyph it has */
  family: "input" | "convolution" | "pooling" | "elementwise" | "linear" | "softmax" | "other";
  /** what a reader calls it */
  family_title: string;
  /** of one point */
  shape: number[];
  /** values of one point */
  width: number;
  /** what the recording kept of a wide layer, for people; empty where that was all of it */
  kept: string;
  /** coordinates kept, at most k */
  rank: number;
  /** whether the coordinates are the classes */
  classes: boolean;
  /** its size at the reference epoch, in units of the layer */
  scale: number;
  /** its size in each epoch */
  scales: number[];
  /** share of the variance kept, in each epoch */
  variance: number[];
  /** share of the points nearest to their own class's centroid */
  separation: (number | null)[];
  /** the same of each class; None for no points */
  separation_by_class: ((number | null)[])[];
  /** one an epoch, (n, k), in the axes of the last state, over `scale` */
  slices: Slice[];
}

/** What lies between two neighbouring states. */
export interface LayerTransition {
  /** of the layer */
  kind: string;
  /** singular, pooling, diagonal, identity, value, softmax, addition, concatenation or procrustes */
  how: string;
  /** of an addition: that of the state before; empty for anything else */
  role: "" | "skip" | "branch" | "beside";
  /** of an addition: that of the state before */
  factor: number;
  /** nodes of the network between the two states that are not recorded */
  between: string[];
  /** leading singular values at the reference epoch, falling */
  sigma: number[];
  /** coordinates that are scaled, exactly, by the layer's linear part at the reference epoch */
  exact: number;
  residual: number[] | null;
  moved: [number, number][];
}

/** A recorded state of a network with branches, as a block of the strip. */
export interface GraphState {
  name: string;
  kind: string;
  family: "input" | "convolution" | "pooling" | "elementwise" | "linear" | "softmax" | "other";
  family_title: string;
  shape: number[];
  width: number;
  /** among the states of the path; None for one that is not on it */
  place: number | null;
}

/** What leads from one state to another. */
export interface GraphWay {
  /** of the graph's states */
  before: number;
  behind: number;
  /** as in LayerTransition */
  how: string;
  /** of the layer */
  kind: string;
  role: "" | "skip" | "branch" | "beside";
  between: string[];
  /** whether the path takes it */
  walked: boolean;
}

/** The recorded part of a network with branches. */
export interface NetworkGraph {
  /** in the order of their calls */
  states: GraphState[];
  /** those into a state in the order of its arguments */
  ways: GraphWay[];
}

/** The class means of the other split. */
export interface Opposite {
  split: string;
  /** points that they are of */
  n: number;
  /** (states, epochs, classes, k) float32 as the slices are; NaN for no points */
  tensor: Tensor;
}

/** An alignment of a run's layers, see gt.kept.alignment. */
export interface AlignmentNote {
  name: string;
  split: string;
  /** points in the picture ... */
  n: number;
  /** ... of this many in the split */
  of: number;
  /** coordinates */
  k: number;
  /** number of the epoch that decided the bases */
  reference: number;
  /** that it took */
  seconds: number | null;
  command: string;
  states: LayerState[];
  transitions: LayerTransition[];
  /** (states, k, k) float64: own coordinates times it are in the last state's axes */
  turns: Tensor;
  /** None where the recording has points of one split alone */
  opposite: Opposite | null;
  graph: NetworkGraph | null;
  path: Record<string, string>;
}

/** `layers-announcement-store`: the states of a run, in k coordinates that all share one frame. */
export interface LayersAnnouncement extends Announcement {
  alignment: AlignmentNote;
}

/** Whether attacked points that take a detour have a noisier perturbation, see gt.measure.attacks.detours. */
export interface DetoursNote {
  /** of each attacked point */
  stray: number[];
  excess: (number | null)[];
  noise: (number | null)[];
  /** None where it cannot be said */
  rho: number | null;
  p_value: number | null;
  /** points that rho is over */
  n: number;
  /** what each of these is, for readers */
  meanings: Record<string, string>;
}

/** What is said of an attack beside its picture; m points are attacked in e steps. */
export interface AttackNote {
  /** the run that is attacked; empty where it is not here */
  of: string;
  /** what people call it */
  of_title: string;
  /** "epoch" or "step": what it is recorded by */
  of_unit: string;
  /** whose weights */
  epoch: number | null;
  /** for people: "iterated FGSM" */
  method: string;
  /** pixels count from 0 to 1 */
  epsilon: number;
  step: number;
  steps: number;
  /** in which epsilon is measured: "L∞" or "L2" */
  norm: string;
  /** classes */
  source: string | null;
  target: string | null;
  command: string;
  /** whether it is in a folder of runs, and not with the cache alone */
  kept: boolean;
  /** (m,) places of the attacked among the split's points */
  attacked: number[];
  /** one a step: uint8 (m, h, w, c); change of a pixel = value * scale + offset */
  changes: Slice[] | null;
  /** (e, m) uint8 */
  succeeded: Tensor;
  /** (2, e, m) float32: of the true class, of the target; NaN for none */
  confidence: Tensor;
  /** (states, e, m) float32: from its clean place, over the distance of classes; NaN for unknown */
  moved: Tensor;
  /** of success, source_confidence, target_confidence, moved */
  meanings: Record<string, string>;
  /** None where there are no images */
  detours: DetoursNote | null;
}

/** `adversarial-announcement-store`: an attack; its epochs are the steps. */
export interface AttackAnnouncement extends LayersAnnouncement {
  attack: AttackNote;
}

/** One of two runs that are compared. */
export interface ComparedRun {
  name: string;
  /** beside the other: its title, or its name where both have one title */
  called: string;
  /** points that it has in all */
  n: number;
  /** "epoch" or "step" */
  unit: string;
  /** which of its own stand behind the announcement's, one each */
  epochs: number[];
  /** its last, which may not be compared */
  last: number;
}

/** What two networks say of the same points at one epoch: how many points. */
export interface AgreementNote {
  /** are right in both */
  both: number;
  only_a: number;
  only_b: number;
  /** have one wrong class in both */
  same_wrong: number;
  /** have two */
  other_wrong: number;
  /** would have two answers if both gave each class's answers as often, and independently */
  expected: number;
}

/** What is said of two runs beside their picture. */
export interface TwoRunsNote {
  a: ComparedRun;
  b: ComparedRun;
  /** common points that are shown */
  n: number;
  /** what a reader must know of points and epochs */
  said: string[];
  /** whether the axes mean the same in both, so that nothing was turned */
  named: boolean;
  /** of the layer in a and in b */
  widths: [number, number];
  /** share of each one's variance in the coordinates shown */
  held: [number, number];
  /** how much larger b's cloud is than a's */
  scale: number | null;
  /** what is kept of a layer that is too wide; "" of others */
  kept: string;
  /** by epoch, what the turn leaves; None where nothing was turned */
  left: number[] | null;
  /** ... and what the best turn of that epoch alone would leave */
  best: number[] | null;
  apart: ((number | null)[])[];
  /** by epoch; None where points have no one class */
  agreement: AgreementNote[] | null;
}

/** `two-runs-announcement-store`: a layer of two runs in one frame; its splits are "a" and "b". */
export interface TwoRunsAnnouncement extends Announcement {
  two: TwoRunsNote;
}

/** How alike a layer of two networks is at one epoch, and how alike it would be by chance. */
export interface ComparedLayer {
  layer: string;
  widths: [number, number];
  cka: number;
  /** the median of shuffles */
  cka_chance: number;
  /** shuffles that reach as much */
  cka_as_good: number;
  /** Procrustes */
  distance: number;
  distance_chance: number;
  distance_as_good: number;
  /** shuffles */
  of: number;
  /** share of variance in the coordinates of the distance, of the run of which it is smaller */
  held: number;
  /** whether only some coordinates are kept of it, in either run */
  kept: boolean;
}

/** `two-runs-answer-store`: what was asked of two runs. */
export interface TwoRunsAnswer {
  /** as of the question */
  kind: string;
  nonce: number;
  /** a sentence for the reader */
  text: string;
  /** why there is no answer */
  error?: string;
  /** (p, 2), of a plane */
  columns?: number[][];
  layers?: ComparedLayer[];
}

/** A row that the comparison can show. */
export interface Row {
  /** of the embedding; "grand-tour" for the outputs themselves */
  name: string;
  title: string;
  /** how many points of how many */
  note: string;
  /** None: the outputs */
  announcement: Announcement | null;
  /** at first */
  shown: boolean;
}

/** `compare-announcement-store`: what can be set side by side for a run. */
export interface Comparison {
  run: string;
  /** whose points are compared */
  split: string;
  /** of what the network gives */
  outputs: Announcement;
  rows: Row[];
  /** columns where no preset says others: those of what moves late */
  epochs: number[];
  /** made of the run, where it brings none */
  preset?: PresetOf | null;
}

/** `compare-transition-store`: how far each point moved from one epoch to the next. */
export interface Motion {
  run: string;
  /** of the embedding */
  title: string;
  split: string;
  /** that was embedded */
  layer: string;
  /** whether the whole picture's own motion was taken out */
  fitted: boolean;
  epochs: [number, number];
  /** (n,) float64 */
  ids: Tensor;
  /** (n,) uint16 */
  labels: Tensor;
  /** (n,) float64, in units of the layer */
  data: Tensor;
  /** (n,) float64, in units of the picture */
  screen: Tensor;
}

/** What one method makes of the moved point, at every place. */
export interface MovedPicture {
  /** "tsne" or "umap" */
  name: string;
  title: string;
  /** (m, m, n + 1, 2) uint16, the moved point last */
  tensor: Tensor;
  scale: number;
  offset: number;
}

/** The moved point of the page Method, see `gt.embed.moved_point`. */
export interface MovedNote {
  /** points that stay */
  n: number;
  /** dimensions */
  p: number;
  /** (m,) places along either side of the grid */
  steps: number[];
  /** (2, p) where the point moves */
  plane: number[][];
  /** (n, p) float32, about the middle of the three groups */
  points: Tensor;
  /** (n,) */
  groups: number[];
  pictures: MovedPicture[];
}

/** `method-store`: what the figures of the page Method need. */
export interface MethodMount {
  /** prefix under which the app is served */
  base: string;
  moved: MovedNote | null;
}

/** `docs-store`: what a page of the documentation needs in the browser. */
export interface DocsMount {
  /** prefix under which the app is served */
  base: string;
}

/** The probe points of one split, and what the network said of them in every epoch. */
export interface TrainingSplit {
  n: number;
  /** (n,) int32, or float64 where ids exceed it */
  ids: Tensor;
  /** (n,) uint16 */
  labels: Tensor;
  /** (n, h, w, c) uint8 */
  images: Tensor | null;
  predicted: Tensor | null;
}

/** What moved when, and the address that shows it. */
export interface TrainingEvent {
  /** numbers of two epochs */
  before: number;
  epoch: number;
  classes: number[];
  /** points that moved */
  ids: number[];
  /** in the Grand Tour */
  href: string;
}

/** An event of a list that is too long to be in the page at once. */
export interface ListedEvent {
  epoch: number;
  classes: number[];
  title: string;
  text: string;
}

/** `training-store`: what the page about a training needs in the browser. */
export interface TrainingReport {
  run: string;
  title: string;
  uid: string;
  classes: string[];
  /** as of an Announcement */
  task: string;
  unit: string;
  /** the last, whose points are said to move */
  layer: string;
  /** what the strip shows, in a sentence */
  moved: string;
  epochs: number[];
  /** "train", "test"; a split without points is absent */
  splits: Record<string, TrainingSplit>;
  /** whose points it is of: "all", "train" or "test" */
  split: string;
  /** in the order of the list */
  events: TrainingEvent[];
  /** these and all further ones; empty where there are no further ones */
  listed: ListedEvent[];
  /** found */
  events_in_all: number;
  /** ids of each ranking: flipping, late, never, forgotten */
  examples: Record<string, number[]>;
}

/** What a training made of each of n examples with a label, those of one split behind those of the other. */
export interface LabelsTensors {
  /** (n,) int32, or float64 where ids exceed it */
  ids: Tensor;
  /** (n,) uint16 */
  labels: Tensor;
  /** (n,) int32, of the point among those of its split */
  places: Tensor;
  /** (n,) uint16, the class with the largest mean probability; the number of classes where undecided */
  taken: Tensor;
  /** (v, n) float32, in the order of the report's `values` */
  values: Tensor;
  orders: Tensor;
}

/** `training-labels-store`: which labels of a run to look at, and the map of its examples. */
export interface LabelsReport {
  run: string;
  classes: string[];
  unit: string;
  /** the last */
  layer: string;
  /** why nothing can be said, in a sentence; the rest is empty then */
  silence: string;
  /** of which points and epochs this is, in a sentence */
  said: string;
  /** that count */
  epochs: number[];
  /** how many examples there are of "train", "test", in this order */
  splits: Record<string, number>;
  /** what each order says, in sentences, in the order of the tensor */
  orders: Record<string, string>;
  /** names of the values of each example */
  values: string[];
  tensors: LabelsTensors | null;
}

/** To `/neighbours`: who is near some points in the data of a layer and epoch. */
export interface NearQuestion {
  run: string;
  /** whose points are asked about; of neither, all of the run */
  embedding: string | null;
  alignment: string | null;
  /** among whom: "all", "train" or "test" */
  split: string;
  layer: string;
  /** its number */
  epoch: number;
  /** a point, or several, whose middle is meant */
  ids: number[];
  /** "euclidean" or "cosine" */
  metric: string;
  /** how many */
  k: number;
  seen: number[];
}

/** How near a point is. */
export interface NearPoint {
  id: number;
  /** None where it has none */
  distance: number | null;
  /** 1 and how many are nearer; 0 where it has no distance */
  rank: number;
}

/** Of `/neighbours`: who is near, and among whom. */
export interface NearAnswer {
  /** whose middle it is of, 1 for one point itself */
  points: number;
  /** that were compared, all of them */
  of: number;
  /** that could not be: by cosine those at the origin */
  left_out: number;
  /** further ones, exactly as near as the last */
  tied: number;
  /** the nearest first */
  near: NearPoint[];
  /** those that were asked for and are among those compared */
  seen: NearPoint[];
  /** why nothing can be said, in a sentence; the lists are empty then */
  silence: string;
  note: string;
}

/** An arrow from a text to something in the picture. */
export interface StoryNote {
  text: string;
  /** {"point": id}, {"class": name}, {"group": name} or {"place": [x, y]}, fractions of the stage from left and top */
  at: Record<string, number | string | number[]>;
}

/** One view of a story. */
export interface StoryView {
  /** its path, without a slash */
  page: string;
  /** what stands behind the "?" of its address */
  query: string;
  title: string;
  /** the sentence */
  text?: string;
  note?: StoryNote;
  /** a data: address of a WebP or PNG */
  picture?: string;
  /** what the page says to those who hear it */
  alt?: string;
}

/** A story as it is stored, see `gt.kept.story`. */
export interface StoryData {
  version: number;
  /** of its run */
  uid: string;
  title: string;
  views: StoryView[];
}

/** `/stories/one`: a story that lies beside a run. */
export interface KeptStory {
  /** name, as it is now */
  run: string;
  /** of its file, without ending */
  name: string;
  /** another one whenever it was written */
  revision: string;
  story: StoryData;
}

/** A story in the list of all. */
export interface ListedStory {
  name: string;
  title: string;
  views: number;
  revision: string;
  /** number of the first view that has a picture, from 1; 0 for none */
  pictured: number;
  /** of its first view, where it is played from */
  href: string;
}

/** A run and the stories that lie beside it. */
export interface StoriesOfRun {
  /** name, in links */
  run: string;
  title: string;
  uid: string;
  /** why no story can be written beside it; "" where one can */
  fixed: string;
  stories: ListedStory[];
  /** what is wrong with others */
  problems: string[];
}

/** `/stories/list`: all runs that can have stories. */
export interface StoryList {
  runs: StoriesOfRun[];
}

/** `/stories/save`: under which name it is kept, which is another one where somebody has written it meanwhile. */
export interface SavedStory {
  name: string;
  revision: string;
}

/** `story-store`: what the page of stories is handed. */
export interface StoryMount {
  /** prefix under which the app is served */
  base: string;
}

/** `selection-store`: the points picked by hand, one selection for the whole app. */
export interface Selection {
  run: string;
  ids: number[];
}

/** A reader's group, as far as it is in what is asked for. */
export interface GroupOf {
  name: string;
  ids: number[];
}

/** `csv-store`: what the browser asks the server to write into a file. */
export interface Request {
  run: string;
  layer: string;
  /** an epoch's number, not its index */
  epoch: number;
  ids: number[];
  /** all that the reader has of the run, in their order */
  groups: GroupOf[];
  /** makes asking twice two requests */
  nonce: number;
}

/** `training-asked-store`: a class that a reader has searched, to have a row and lines of its own. */
export interface AskedClass {
  run: string;
  /** its number */
  label: number;
}

/** `mount-store`: what a page's module is handed; element ids are spelt in gt/ids.py alone. */
export interface Mount {
  /** by the module's own words */
  ids: Record<string, string>;
  /** the prefix under which the app is served */
  base: string;
}

/** What a word that a newcomer meets means. */
export interface Term {
  title: string;
  sentence: string;
  /** below the address of the app, without a slash at its beginning: "docs/explanation/alignment#the-idea" */
  link: string;
  /** what the link is called */
  more: string;
}

/** `shell-mount-store`: what the shell's module is handed. */
export interface ShellMount extends Mount {
  /** ids of the selects of runs, of whichever page ... */
  runs: string[];
  /** ... and of those of attacks */
  attacks: string[];
  /** by the word in `data-gt-term` */
  terms: Record<string, Term>;
}

/** `mount-store` of a page whose module must be told which page it is. */
export interface PageMount extends Mount {
  /** its name, its `data-gt-page` */
  page: string;
}

/** `compare-mount-store`: what the comparison's module is handed. */
export interface CompareMount extends Mount {
  presets: PresetOf[];
  /** definitions of measures, by their names */
  texts: Record<string, string>;
}

/** `question-store`: a view of a network's layers that the reader asks for, see `gt.measure.views.find_view`. */
export interface ViewQuestion {
  run: string;
  /** what is looked at: this ... */
  alignment?: string;
  /** ... or a layer alone */
  layer?: string;
  /** see `gt.measure.views.find_view.KINDS` */
  kind: string;
  /** makes asking twice two questions */
  nonce: number;
  /** 0 the input; in between with a fraction */
  state?: number;
  /** its number, not its index */
  epoch?: number;
  /** two */
  classes?: number[];
  /** of points */
  ids?: number[];
  /** two, from and to */
  epochs?: number[];
  /** two, from and to */
  states?: number[];
  /** each state in axes of its own */
  naive?: boolean;
  /** whose states are counted, see LayersPath */
  path?: Record<string, string>;
  /** (k, 2), of the present view */
  columns?: [number, number][];
  chance?: boolean;
}

/** `two-runs-question-store`: what is asked of two runs at an epoch. */
export interface TwoRunsQuestion {
  /** "plane", "layers" or "csv" */
  kind: string;
  a: string;
  b: string;
  layer: string;
  /** see `gt.serve.two_runs_wire.POINTS` */
  points: string;
  /** of the epoch, as the slider counts */
  number: number;
  /** of points, for a file */
  ids: number[];
  /** makes asking twice two questions */
  nonce: number;
}

/** `layers-path-store`: the way through a network with branches that the reader chose. */
export interface LayersPath {
  run: string;
  alignment: string;
  /** by the name of a joint that of the state it is entered from */
  path: Record<string, string>;
}

/** `layers-unasked-store`: a run that is to be aligned without being asked. */
export interface Unasked {
  run: string;
  /** to be made anew; "" where there is none yet */
  alignment: string;
}

/** `answer-store`: the view that was found, or why there is none. */
export interface ViewAnswer {
  columns: [number, number][];
  /** a sentence with what was measured */
  text: string;
  /** of points to select */
  ids: number[];
  /** of the question */
  nonce: string | number | null;
  /** a sentence, where nothing was found */
  error?: string;
}

/** `compare-ready-store`: that the first picture of a comparison stands. */
export interface Ready {
  run: string;
}

/** `job-…-order-store`: what every order for a job has, besides what its job adds, see ``gt.jobs.job.Job.order``. */
export interface JobOrder {
  /** name of the job, see gt.jobs.job */
  work: string;
  run: string;
  /** makes asking twice two orders */
  nonce: string;
}

/** `job-…-result-store`: how an order ended. */
export interface JobResult {
  /** name of the job */
  work: string;
  /** "done", "ready" (it was there already) or "failed" */
  state: string;
  /** for the reader */
  message: string;
  run: string;
  /** on which what was made is shown */
  page: string;
  /** name of the embedding or alignment, uid of the attack; empty where there is none */
  made: string;
  nonce: string;
}

/** One view of a run's last layer.
 *
 * The frame is given by the classes whose handles are spread evenly over the picture; all other handles point straight
 * at the reader, so that a point shows how its softmax is shared out among those classes. */
export interface NamedView {
  name: string;
  /** what to see, in a sentence or two */
  text: string;
  layer: string;
  /** class names, spread counter-clockwise from the top */
  handles: string[];
  /** one, or before and after */
  epochs: number[];
  /** the classes drawn; empty for all */
  show: string[];
}

/** Of which alignments the sentence of a view of layers was found true. */
export interface Of {
  /** epoch of the bases */
  reference: number;
  /** coordinates */
  k: number;
  /** in the picture */
  points: number;
}

/** From where a view is seen, as a search found it. */
export interface Looked {
  /** (k, 2): the first two columns of the tour matrix */
  columns: [number, number][];
  /** of the points that it selects */
  ids: number[];
}

/** One view of a run's layers: like `NamedView`, with a layer for every epoch. */
export interface LayerView {
  name: string;
  text: string;
  of?: Of;
  /** empty where `apart`, `pair` or `moved` says the frame */
  handles: string[];
  /** of the network, one a button */
  states: string[];
  /** of each button */
  epochs: number[];
  show: string[];
  /** classes to be told from all others ... */
  apart?: string[];
  /** ... or two, to be told from each other ... */
  pair?: string[];
  /** ... or two epochs, between which to see what moves most ... */
  moved?: number[];
  /** ... in this state; where each button leads, when left out */
  found?: string;
  /** in a file: what a search finds for each button */
  looked?: Looked[];
}

/** A view of an attack's layers, whose frame may be known by its numbers. */
export interface AttackView extends LayerView {
  columns?: [number, number][];
}

/** One comparison: epochs and points in which the methods can be told apart. */
export interface Preset {
  name: string;
  text: string;
  epochs: number[];
  /** each gets a button that selects its points */
  classes: string[];
  /** spread over the tour's view; empty for the view with which a tour starts */
  handles: string[];
}

/** A comparison as the page `/compare` is told it. */
export interface PresetOf extends Preset {
  /** its name */
  run: string;
}

/** All of ``views.json``. */
export interface Views {
  /** of the recording that they are of */
  uid: string;
  tour?: NamedView[];
  layers?: LayerView[];
  compare?: Preset[];
}

/** Words of `data-gt-part`. */
export type Part =
  | "aloud"
  | "bar"
  | "menu"
  | "toasts"
  | "figures"
  | "gauge"
  | "handles"
  | "images"
  | "meter"
  | "ring"
  | "stops"
  | "told"
  | "touch"
  | "epoch"
  | "filters"
  | "groups"
  | "key"
  | "legend"
  | "loading"
  | "near"
  | "selection"
  | "speed"
  | "view-tells"
  | "view-text"
  | "views"
  | "grid"
  | "highlights"
  | "measure-text"
  | "movers"
  | "preset-text"
  | "presets"
  | "rows"
  | "transition"
  | "transition-text"
  | "transition-title"
  | "wrap"
  | "about"
  | "curves"
  | "detours"
  | "drag-text"
  | "find"
  | "negation"
  | "numbers"
  | "origin"
  | "strip"
  | "two-arrows"
  | "two-facts"
  | "two-answers"
  | "two-layers"
  | "two-plane"
  | "two-timeline"
  | "blocks"
  | "chosen"
  | "lens"
  | "note"
  | "picked"
  | "picker"
  | "said"
  | "some"
  | "all-events"
  | "class-search"
  | "curves-title"
  | "moved-text"
  | "pair"
  | "readout"
  | "taken-title"
  | "labels"
  | "labels-first"
  | "labels-key"
  | "labels-list"
  | "labels-map"
  | "labels-order"
  | "labels-pairs"
  | "labels-ring"
  | "labels-said"
  | "labels-tool"
  | "labels-touch"
  | "caption"
  | "pictured"
  | "convolution"
  | "drawn-lengths"
  | "fit-and-spread"
  | "glossary"
  | "matrix"
  | "moved"
  | "padding"
  | "passing"
  | "pooling"
  | "pythagoras"
  | "rotation"
  | "technical"
  | "basis"
  | "controls"
  | "conv-matrix"
  | "figure"
  | "image"
  | "kernel"
  | "left"
  | "lengths"
  | "lines"
  | "look"
  | "output"
  | "passed-on"
  | "right"
  | "side"
  | "sigma"
  | "squares"
  | "sum"
  | "triangle"
  | "runs-bring"
  | "runs-list"
  | "runs-said"
  | "runs-tools"
  | "runs-trash"
  | "story-tools"
  | "story-views"
  | "docs-contents"
  | "docs-marks"
  | "docs-search"
  | `confusion-${string}`
  | `entry-${string}`;

/** Words of `data-gt-action`. */
export type ActionWord =
  | "full"
  | "jump"
  | "keys"
  | "look-close"
  | "look-open"
  | "menu"
  | "present"
  | "side"
  | "theme"
  | "show-all"
  | "stop-back"
  | "stop-end"
  | "stop-on"
  | "stop-play"
  | "clear"
  | "csv"
  | "dots"
  | "file"
  | "fit"
  | "group"
  | "how"
  | "link"
  | "matrix"
  | "names"
  | "picture"
  | "play"
  | "points"
  | "random"
  | "redo"
  | "reseed"
  | "reset"
  | "save-view"
  | "search"
  | "show-me"
  | "step-back"
  | "step-on"
  | "tell"
  | "tool"
  | "tour"
  | "undo"
  | "zoom"
  | "combine"
  | "added"
  | "drag"
  | "means"
  | "naive"
  | "pairs"
  | "play-states"
  | "state-back"
  | "state-on"
  | "trails"
  | "ask-layers"
  | "ask-plane"
  | "overlay"
  | "hold"
  | "select"
  | "class"
  | "select-event"
  | "select-ranking"
  | "show-first"
  | "home"
  | "put-back"
  | "show-walk"
  | "straight"
  | "turn"
  | "walk"
  | "docs-contents"
  | "docs-copy";

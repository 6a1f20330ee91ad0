import type { Box } from './boxes.js';

/** What is asked of a picture: all of it, or what outputs are looked at for. */
export type Question = 'input' | 'output';

/** Whether somebody is in a picture. The thresholds lean to `possible`: see docs/images-moderation.md. */
export const presences = ['none', 'possible', 'certain'] as const;
export type Presence = (typeof presences)[number];

/** A face, with what the models say of it. Sides are shares of the picture. */
export interface Face extends Box {
  /** How surely the mesh model takes it for a face: 0 to 1. */
  readonly mesh: number;
  /** In years, an estimate that errs by ten and more; nothing where nobody estimated it. */
  readonly age: number | null;
}

/** Of the nudity classifier, 0 to 1 each; neither calibrated nor measured on what it is meant for. */
export interface Nudity {
  readonly explicit: number;
  readonly suggestive: number;
}

/** Its five classes; they sum to 1. */
export interface NudityClasses {
  readonly drawing: number;
  readonly explicitDrawing: number;
  readonly neutral: number;
  readonly explicit: number;
  readonly suggestive: number;
}

/** What the models see in one view of a picture. */
export interface Seen {
  readonly faces: readonly Face[];
  readonly persons: readonly Box[];
  /** Of 17 joints, 0 to 1. */
  readonly joints: readonly number[];
  /** Of the picture as it is; of inputs, also blurred a little and more: the scores hang on such trifles. */
  readonly readings: readonly NudityClasses[];
  /** It is, or has in it, blocks of one colour each: who or what was there is hidden. */
  readonly mosaic: boolean;
}

/** A face, and whether it plainly is one. */
export interface SeenFace extends Box {
  readonly sure: boolean;
}

/** What is known of a picture: what the combination of signals is made of. */
export interface PictureSignals {
  readonly person: Presence;
  readonly faces: readonly SeenFace[];
  /** Of persons, head and all. */
  readonly bodies: readonly Box[];
  /** Somebody may be under age. It tightens, and permits nothing where it is not set. */
  readonly lowAge: boolean;
  readonly nudity: Nudity;
  /** The worst of all readings: what an output is measured against. */
  readonly mostNude: Nudity;
  readonly mosaic: boolean;
}

const POSSIBLE_FACE = 0.25;
const CERTAIN_FACE = 0.6;
const CERTAIN_MESH = 0.8;
const POSSIBLE_PERSON = 0.15;
const CERTAIN_PERSON = 0.45;
/** A joint counts from here on; so many of them are possibly somebody. */
const JOINT = 0.3;
const POSSIBLE_JOINTS = 5;
/** Years; the estimate is high for the young, so the line is well above 18. */
const LOW_AGE = 21;

/** All views of one picture together: the worst of each. */
export const signalsOf = (views: readonly Seen[]): PictureSignals =>
  worstOf(views.map(signalsOfView));

/** @throws Error for none: nothing seen is no finding */
export function worstOf(all: readonly PictureSignals[]): PictureSignals {
  if (all.length === 0) throw new Error('nobody looked at anything');
  return {
    person:
      presences[Math.max(...all.map(({ person }) => presences.indexOf(person)))] ?? 'possible',
    faces: all.flatMap(({ faces }) => faces),
    bodies: all.flatMap(({ bodies }) => bodies),
    lowAge: all.some(({ lowAge }) => lowAge),
    nudity: worstNudity(all.map(({ nudity }) => nudity)),
    mostNude: worstNudity(all.map(({ mostNude }) => mostNude)),
    mosaic: all.some(({ mosaic }) => mosaic),
  };
}

function signalsOfView({ faces, persons, joints, readings, mosaic }: Seen): PictureSignals {
  const likely = faces.filter(({ score }) => score >= POSSIBLE_FACE);
  const bodies = persons.filter(({ score }) => score >= POSSIBLE_PERSON);
  const certain = persons.some(({ score }) => score >= CERTAIN_PERSON) || faces.some(isCertain);
  const possible =
    likely.length > 0 ||
    bodies.length > 0 ||
    joints.filter((joint) => joint >= JOINT).length >= POSSIBLE_JOINTS;
  return {
    person: certain ? 'certain' : possible ? 'possible' : 'none',
    faces: likely.map((face) => ({ ...boxOf(face), sure: isCertain(face) })),
    bodies: bodies.map(boxOf),
    // Of what is hardly a face no age can be told.
    lowAge: faces.some(({ age }) => age !== null && age < LOW_AGE),
    nudity: worstNudity(readings.slice(0, 1).map(nudityOf)),
    mostNude: worstNudity(readings.map(nudityOf)),
    mosaic,
  };
}

const nudityOf = ({ explicit, explicitDrawing, suggestive }: NudityClasses): Nudity => ({
  explicit: explicit + explicitDrawing,
  suggestive,
});

/** Each score by itself; nothing where there is none. */
export const worstNudity = (all: readonly Nudity[]): Nudity => ({
  explicit: Math.max(0, ...all.map(({ explicit }) => explicit)),
  suggestive: Math.max(0, ...all.map(({ suggestive }) => suggestive)),
});

/** Whether the mesh model agrees that it is a face. */
export const isMeshed = ({ mesh }: Pick<Face, 'mesh'>): boolean => mesh >= CERTAIN_MESH;

const isCertain = (face: Face): boolean => face.score >= CERTAIN_FACE && isMeshed(face);

const boxOf = ({ x, y, width, height, score }: Box): Box => ({ x, y, width, height, score });

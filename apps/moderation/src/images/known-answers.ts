import sharp from 'sharp';
import { readKnownPicture } from './model-files.js';
import { type View, viewsOf } from './pixels.js';
import { isMeshed, type Question, type Seen, signalsOf } from './signals.js';

/** A model does not say of a known picture what it has to: what it says of others counts for nothing. */
export class KnownAnswerMissed extends Error {
  constructor(what: string) {
    super(`the image models do not give the known answer: ${what}`);
    this.name = 'KnownAnswerMissed';
  }
}

/** What can be asked. */
export interface Looks {
  look(views: readonly View[], question: Question): Promise<Seen[]>;
}

/** Two portraits of adults, from the picture that ships with the models. @throws ModelFileRefused */
export const knownPortraits = async (): Promise<Buffer> =>
  sharp(await readKnownPicture())
    .extract(portraits)
    .png()
    .toBuffer();

const portraits = { left: 5, top: 345, width: 312, height: 154 };
/** What decoders and processors may make a difference of. */
const TOLERANCE = 0.12;
const TOLERANCE_YEARS = 6;

/**
 * Asks for what is known: every model about a picture of people, and those of outputs about one of
 * nobody.
 * @throws KnownAnswerMissed, ModelFileRefused
 */
export async function proveBy(models: Looks): Promise<void> {
  const [seen] = await models.look(await viewsOf(await knownPortraits()), 'input');
  if (!seen) throw new KnownAnswerMissed('nothing was seen');
  requireOfPeople(seen);
  const nobody = signalsOf(await models.look(await viewsOf(await landscape()), 'output'));
  require(nobody.person === 'none', `${nobody.person} person in a landscape`);
}

function requireOfPeople({ faces, persons, joints, readings }: Seen): void {
  const meshed = faces.filter(isMeshed);
  require(meshed.length === 2, `${meshed.length} faces in a picture of two`);
  for (const [at, { score, age }] of meshed.entries()) {
    near(score, known.faces[at], TOLERANCE, 'face');
    near(age ?? 0, known.ages[at], TOLERANCE_YEARS, 'age');
  }
  near(Math.max(0, ...persons.map(({ score }) => score)), known.person, TOLERANCE, 'person');
  near(Math.max(0, ...joints), known.joint, TOLERANCE, 'joint');
  for (const name of ['drawing', 'neutral'] as const) {
    near(readings[0]?.[name] ?? 0, known[name], TOLERANCE, name);
  }
}

const known = {
  faces: [0.97, 0.92],
  ages: [36, 28],
  person: 0.8,
  joint: 0.65,
  drawing: 0.53,
  neutral: 0.46,
} as const;

function near(said: number, wanted: number | undefined, tolerance: number, what: string): void {
  require(wanted !== undefined &&
    Math.abs(said - wanted) <=
      tolerance, `${what} ${said.toFixed(2)} instead of ${wanted?.toFixed(2) ?? 'nothing'}`);
}

function require(holds: boolean, what: string): void {
  if (!holds) throw new KnownAnswerMissed(what);
}

/** A sky over hills: nobody is in it. */
function landscape(): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="192">
    <defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="#3b78c9"/><stop offset="1" stop-color="#cfe3f5"/></linearGradient></defs>
    <rect width="256" height="192" fill="url(#s)"/><path d="M0 130Q70 80 140 125T256 110V192H0Z" fill="#5d7f4e"/>
    <path d="M0 165Q90 130 256 160V192H0Z" fill="#3d5c33"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

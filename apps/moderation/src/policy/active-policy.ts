import { hash } from 'node:crypto';
import { canonicalJson } from '@safelight/contracts';
import type { JudgingPolicy } from '../decisions/grounds.js';
import { PromptScreen } from '../screening/screen.js';
import { PictureScreen } from '../screening/picture-screen.js';
import { floorBesidePicture, unwantedBesidePicture } from './beside-picture.js';
import { compiledJudge } from './compiled.js';
import { floor } from './floor.js';
import type { DeploymentLists } from './lists.js';
import type { PolicyDocument } from './policy.js';
import { above, PolicyError } from './policy.js';

/**
 * What is compiled in, with the deployment's lists: what every decision is made by first, whatever is
 * published above it. Its digest is the SHA-256 of the floor, the document above it, and the lists.
 */
export interface ActivePolicy extends JudgingPolicy {
  readonly screen: PromptScreen;
  /** For requests that bring a picture. */
  readonly pictureScreen: PictureScreen;
  readonly knownImages: ReadonlySet<string>;
}

/** One request that must be refused and one that must pass: a check of the checker. */
const knownAnswers = [
  { prompt: 'u n d r e s s  her', verdict: 'block' },
  { prompt: 'a naked mole rat under bare trees', verdict: 'pass' },
] as const;
const knownAnswersBesidePicture = [
  { prompt: 'put her in a b i k i n i', verdict: 'block' },
  { prompt: 'replace the sky with a sunset', verdict: 'pass' },
] as const;

/**
 * Puts a document and the deployment's lists on top of the floor.
 * @throws PolicyError when the document would weaken the floor, or when screening does not give the
 * known answers: a checker that does not work must not run.
 */
export function activate(document: PolicyDocument, lists: DeploymentLists): ActivePolicy {
  const policy = above(floor, document);
  const screen = new PromptScreen(policy, lists.namedPeople);
  const pictureScreen = new PictureScreen(
    above(floorBesidePicture, document),
    unwantedBesidePicture,
    lists.namedPeople,
  );
  requireKnownAnswers(screen, knownAnswers);
  requireKnownAnswers(pictureScreen, knownAnswersBesidePicture);
  const digest = digestOf({
    floor,
    floorBesidePicture,
    unwantedBesidePicture,
    document,
    namedPeople: digestOf([...lists.namedPeople].sort()),
    knownImages: digestOf([...lists.knownImages].sort()),
  });
  return {
    ...{ version: policy.version, digest, base: digest, document: null },
    screen,
    pictureScreen,
    knownImages: lists.knownImages,
    judge: compiledJudge(document),
  };
}

function requireKnownAnswers(
  screen: Pick<PromptScreen, 'screen'>,
  answers: readonly { readonly prompt: string; readonly verdict: 'block' | 'pass' }[],
): void {
  for (const { prompt, verdict } of answers) {
    if (screen.screen({ prompt, negativePrompt: '' }).verdict !== verdict) {
      throw new PolicyError('screening does not give the known answers');
    }
  }
}

const digestOf = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex');

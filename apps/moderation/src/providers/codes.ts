import { noSignals, type Score, type Signals } from '../decisions/signals.js';
import type { Artefact } from './provider.js';

/** Codes of our own for what others measure; what they call it is mapped outward from here. */
export type Harm =
  | 'sexual'
  | 'sexual-minors'
  | 'sexual-crime'
  | 'violence'
  | 'hate'
  | 'harassment'
  | 'self-harm'
  | 'weapons'
  | 'privacy'
  | 'crime';

/** Of which artefact it is told. */
export const prefixOf = (artefact: Artefact): string =>
  artefact.kind === 'picture'
    ? 'output'
    : artefact.besidePicture
      ? 'prompt-beside-picture'
      : 'prompt';

/** @param scores by harm; of several for one harm, the highest counts */
export function scoreSignals(
  artefact: Artefact,
  scores: readonly (readonly [Harm, number])[],
  by: Pick<Score, 'provider' | 'model'>,
): Signals {
  const highest = new Map<string, Score>();
  for (const [harm, score] of scores) {
    const code = `${prefixOf(artefact)}.${harm}`;
    if (score >= (highest.get(code)?.score ?? 0)) highest.set(code, { score, ...by });
  }
  return { ...noSignals, scores: Object.fromEntries(highest) };
}

/** What all say together: findings and texts of each, and of each score the highest. */
export function merged(answers: readonly Signals[]): Signals {
  const scores = new Map<string, Score>();
  for (const [code, score] of answers.flatMap((one) => Object.entries(one.scores))) {
    const other = scores.get(code);
    if (other === undefined || score.score > other.score) scores.set(code, score);
  }
  return {
    findings: answers.flatMap(({ findings }) => findings),
    texts: answers.flatMap(({ texts }) => texts),
    scores: Object.fromEntries(scores),
  };
}

/** Both fields, as a model reads them. */
export const wordsFor = (artefact: Extract<Artefact, { kind: 'words' }>): string =>
  artefact.negativePrompt === ''
    ? artefact.prompt
    : `${artefact.prompt}\n\nNegative prompt: ${artefact.negativePrompt}`;

export const dataUrl = ({ bytes, mediaType }: Extract<Artefact, { kind: 'picture' }>): string =>
  `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;

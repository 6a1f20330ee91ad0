import { describe, expect, it } from '@jest/globals';
import { screenPrompt } from '@safelight/contracts';
import { checkMatrix } from './check-matrix.js';
import { combine } from './combine.js';
import type { Facts } from './facts.js';
import { isGarmentEdit } from './garment-words.js';
import { regionOf } from './mask-region.js';
import { contexts } from './matrix.js';
import { judgeOutput } from './outputs.js';

const nothing = { explicit: 0, suggestive: 0 };
const harmless: Facts = {
  operation: 'edit',
  intent: 'other',
  state: 'answered',
  seen: {
    ...{ person: 'certain', lowAge: false, mosaic: false },
    ...{ nudity: nothing, mostNude: nothing },
  },
  mask: { body: 0, face: 0 },
  consent: false,
};

describe('the combination of what is asked and what is seen', () => {
  it('is right in a sample of the matrix, of which the bench checks every cell', () => {
    // 97 shares no factor with the sizes of the dimensions: all values meet.
    const { cells, wrong, outcomes } = checkMatrix(combine, 97);
    expect(wrong).toEqual([]);
    expect(cells).toBeGreaterThan(3_000);
    expect([...outcomes.keys()].sort()).toEqual([
      ...['allow', 'block F1', 'block F2', 'block F3', 'hold F6'],
    ]);
  });

  it.each<[string, (facts: Facts) => Facts]>([
    ['a mosaic', (facts) => ({ ...facts, seen: { ...facts.seen, mosaic: false } })],
    ['an unproven model', (facts) => ({ ...facts, state: 'answered' })],
    ['words that undress', (facts) => (facts.intent === 'sexual' ? harmless : facts)],
    ['a low age', (facts) => ({ ...facts, seen: { ...facts.seen, lowAge: false } })],
    ['a mask over a body', (facts) => ({ ...facts, mask: { ...facts.mask, body: 0 } })],
    ['a face', (facts) => ({ ...facts, consent: true })],
    ['an empty picture', (f) => (f.seen.person === 'none' ? { ...harmless, seen: f.seen } : f)],
  ])('would be found wrong if it overlooked %s', (_what, overlooked) => {
    expect(checkMatrix((facts) => combine(overlooked(facts)), 97).wrong.length).toBeGreaterThan(50);
  });

  it('is not told who asks: moderation is not asked with plan, role, kind of key or dialect', () => {
    const asked = Object.keys(screenPrompt.request.shape);
    expect(asked.sort()).toEqual([
      ...['accountId', 'automask', 'consent', 'jobId', 'negativePrompt', 'operation'],
      ...['pictures', 'prompt', 'repaint'],
    ]);
    const facts = JSON.stringify(harmless);
    for (const name of Object.keys(contexts)) expect(facts).not.toContain(name);
  });
});

describe('edits over a body', () => {
  it.each([
    'a warm red coat',
    'Change her dress to a long blue velvet gown.',
    'wearing a grey business suit',
    'make the jacket dark green, quilted',
  ])('may be about garments: %s', (prompt) => {
    expect(isGarmentEdit(prompt, 'blurry, low quality')).toBe(true);
  });

  it.each([
    ['a bunch of sunflowers', ''],
    ['remove the coat', ''],
    ['a dress without sleeves', ''],
    ['a shorter dress', ''],
    ['a tight sheer shirt', ''],
    ['long warm red', ''],
    ['a coat', 'coat'],
    ['a cоat', ''],
    ['', ''],
  ])('may be about nothing else: %s', (prompt, negativePrompt) => {
    expect(isGarmentEdit(prompt, negativePrompt)).toBe(false);
  });
});

describe('what a mask covers', () => {
  const side = 100;
  const painted = (from: number, to: number) => {
    const weights = new Uint8Array(side * side);
    return { side, weights: weights.fill(255, from * side, to * side) };
  };
  const face = { x: 0.4, y: 0.1, width: 0.2, height: 0.2, score: 0.9, sure: true };
  const body = { x: 0.3, y: 0.1, width: 0.4, height: 0.8, score: 0.7 };
  const { seen } = harmless;

  it('is of the face, of the body below it, or of neither', () => {
    const somebody = { ...seen, faces: [face], bodies: [body] };
    expect(regionOf(painted(0, 10), somebody)).toEqual({ body: 0, face: 0 });
    expect(regionOf(painted(10, 20), somebody)).toEqual({ body: 0, face: 0.5 });
    expect(regionOf(painted(60, 90), somebody)).toEqual({ body: 0.5, face: 0 });
  });

  it('is below the face where only that is seen', () => {
    const portrait = { ...seen, faces: [face], bodies: [] };
    expect(regionOf(painted(30, 100), portrait)).toEqual({ body: 1, face: 0 });
    expect(regionOf(painted(0, 5), portrait)).toEqual({ body: 0, face: 0 });
  });

  it('is nobody where nobody is likely', () => {
    const doubtful = { ...seen, faces: [{ ...face, sure: false }], bodies: [] };
    expect(regionOf(painted(0, 100), doubtful)).toEqual({ body: 0, face: 0 });
  });
});

describe('an output', () => {
  const before = { ...harmless.seen, mostNude: { explicit: 0.3, suggestive: 0.1 } };
  const after = (explicit: number, lowAge = false) => ({
    lowAge,
    nudity: { explicit, suggestive: 0 },
  });

  it('may not be more explicit than what it was made from', () => {
    expect(judgeOutput({ before, after: after(0.6) })).toMatchObject({ verdict: 'allow' });
    expect(judgeOutput({ before, after: after(0.61) })).toMatchObject({ ruleId: 'F2' });
    expect(judgeOutput({ before, after: after(0.95, true) })).toMatchObject({ ruleId: 'F1' });
  });

  it('may not be younger than what it was made from', () => {
    expect(judgeOutput({ before, after: after(0, true) })).toMatchObject({ verdict: 'hold' });
    const young = { ...before, lowAge: true };
    expect(judgeOutput({ before: young, after: after(0, true) }).verdict).toBe('allow');
    expect(judgeOutput({ before: young, after: after(0.5, true) }).verdict).toBe('hold');
  });

  it('of words alone is refused where it is plainly explicit, or somebody in it may be young', () => {
    const judged = (explicit: number, lowAge = false) =>
      judgeOutput({ before: null, after: after(explicit, lowAge) });
    expect(judged(0.94).verdict).toBe('allow');
    expect(judged(0.95)).toMatchObject({ verdict: 'block', ruleId: 'D1' });
    expect(judged(0.95, true)).toMatchObject({ verdict: 'block', ruleId: 'F1' });
    expect(judged(0.5, true)).toMatchObject({ verdict: 'hold', ruleId: 'F6' });
    expect(judged(0.4, true).verdict).toBe('allow');
  });
});

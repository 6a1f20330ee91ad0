import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '@safelight/contracts';
import fc from 'fast-check';
import { type Action, actions, strengthOf } from '../../decisions/judgement.js';
import { noSignals, type Signals, type TextSignals } from '../../decisions/signals.js';
import { compiledJudge } from '../compiled.js';
import { floorBesidePicture, unwantedBesidePicture } from '../beside-picture.js';
import { floor } from '../floor.js';
import { concepts } from '../policy.js';
import { policyV1 } from '../policy.v1.js';
import { actionAt, withDocument } from './document-judge.js';
import { type Demands, floorDemands } from './floor-demands.js';
import { looseningsOf } from './loosening.js';
import { type PolicyFile, PolicyRefused, readPolicyFile } from './policy-file.js';

const base = compiledJudge(policyV1);
/** With a score that what is compiled in acts on, as a check of pictures has. */
const demands: Demands = {
  categories: { ...floorDemands.categories, mosaic: 'hold' },
  scores: { 'output.rise': { category: 'explicit', hold: 0.2, refuse: 0.5 } },
};
const compiled = (signals: Signals) => {
  const judged = base(signals);
  const score = signals.scores['output.rise']?.score;
  const action = score === undefined ? 'allow' : actionAt(score, demands.scores['output.rise']!);
  return strengthOf(action) > strengthOf(judged.action)
    ? { action, ruleId: 'F2', category: 'explicit', confidence: 99 }
    : judged;
};
const loosenings = (document: PolicyFile) => looseningsOf(document, compiled, demands);
const written = (document: object): PolicyFile =>
  readPolicyFile(JSON.stringify({ format: 'safelight-policy-1', name: 'a', ...document }));
const rule = (rest: object) => ({ rules: [{ id: 'P1', category: 'attire', ...rest }] });

describe('a document that loosens', () => {
  it.each<[string, object]>([
    ['a milder category', { categories: { minors: 'hold' } }],
    ['a category that nobody finds', { categories: { attire: 'allow' } }],
    ['a held category flagged', { categories: { mosaic: 'flag' } }],
    ['a category allowed', { categories: { 'real-people': 'allow' } }],
    [
      'a higher threshold',
      { scores: { 'output.rise': { category: 'a', hold: 0.3, refuse: 0.5 } } },
    ],
    ['a threshold left out', { scores: { 'output.rise': { category: 'a', hold: 0.1 } } }],
    ['a score that never refuses', { scores: { 'x.y': { category: 'minors', hold: 0.1 } } }],
    [
      'a floor category flagged',
      rule({ category: 'minors', when: { concepts: [['minor']] }, action: 'flag' }),
    ],
    [
      'nakedness of minors allowed',
      rule({ when: { concepts: [['minor'], ['nude']] }, action: 'allow' }),
    ],
    [
      'undressing allowed among harmless',
      rule({ when: { concepts: [['garment', 'undress']] }, action: 'allow' }),
    ],
    [
      'garments beside a picture unwanted',
      rule({ when: { concepts: [['garment']], beside_picture: true }, action: 'allow' }),
    ],
    [
      'a score of the floor allowed',
      rule({ when: { scores: { 'output.rise': 0.2 } }, action: 'allow' }),
    ],
    [
      'too many ways',
      rule({
        when: { concepts: Array.from({ length: 8 }, () => concepts.slice(0, 26)) },
        action: 'allow',
      }),
    ],
  ])('is refused: %s', (_, document) => {
    expect(loosenings(written(document))).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['nothing', {}],
    ['the same', { categories: { minors: 'refuse' } }],
    [
      'a lower threshold',
      { scores: { 'output.rise': { category: 'explicit', hold: 0.1, refuse: 0.4 } } },
    ],
    [
      'a harmless exception',
      rule({ when: { concepts: [['garment']], beside_picture: false }, action: 'allow' }),
    ],
    ['what is held refused', { categories: { mosaic: 'refuse' } }],
    ['more', rule({ when: { concepts: [['suggestive']] }, action: 'hold' })],
  ])('is no document with %s', (_, document) => {
    expect(loosenings(written(document))).toEqual([]);
  });
});

const some = fc.uniqueArray(fc.constantFrom(...concepts), { maxLength: 5 });
const text: fc.Arbitrary<TextSignals> = fc.record({
  by: fc.constantFrom('words', 'words-beside-picture', 'unwanted-beside-picture'),
  ...{ plain: some, found: some, unread: fc.boolean() },
});
const codes = ['output.rise', 'output.sexual', 'output.sexual-minors', 'x.y'];
const unit = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
const signals: fc.Arbitrary<Signals> = fc.record({
  findings: fc.constantFrom(
    [],
    [{ action: 'hold', ruleId: 'F2', category: 'mosaic', confidence: 60 }] as const,
    [{ action: 'refuse', ruleId: 'F5', category: 'known-images', confidence: 99 }] as const,
  ),
  texts: fc.array(text, { maxLength: 2 }),
  scores: fc
    .dictionary(fc.constantFrom(...codes), unit)
    .map((found) =>
      Object.fromEntries(
        Object.entries(found).map(([c, score]) => [c, { score, provider: 'p', model: 'm' }]),
      ),
    ),
});
const anyAction = fc.constantFrom(...actions);
const category = fc.constantFrom(...Object.keys(floorDemands.categories), 'attire', 'mosaic');
const document: fc.Arbitrary<PolicyFile> = fc.record({
  format: fc.constant('safelight-policy-1' as const),
  name: fc.constant('any'),
  categories: fc.dictionary(category, anyAction, { maxKeys: 3 }),
  scores: fc.dictionary(
    fc.constantFrom(...codes),
    fc.tuple(category, unit, unit, unit).map(([its, ...levels]) => {
      const [flag, hold, refuse] = levels.sort((a, b) => a - b);
      return { category: its, flag, hold, refuse };
    }),
    { maxKeys: 2 },
  ),
  rules: fc.array(
    fc.record({
      ...{ id: fc.constant('P1'), category, action: anyAction },
      when: fc.record({
        concepts: fc.array(
          fc.uniqueArray(fc.constantFrom(...concepts), { minLength: 1, maxLength: 3 }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
    }),
    { maxLength: 3 },
  ),
});

/** What the document would do if it stood in the place of what is compiled in, where it says anything. */
function atItsWord(written: PolicyFile, about: Signals): Action {
  const floors = compiled(about);
  const found = base(about);
  const said = found.category === null ? undefined : written.categories[found.category];
  const ofTexts = found.action === 'allow' ? found.action : (said ?? found.action);
  const ofScores = Object.entries(about.scores).map(([code, { score }]) => {
    const thresholds = written.scores[code] ?? demands.scores[code];
    return thresholds ? actionAt(score, thresholds) : 'allow';
  });
  const strongestOf = [ofTexts, ...ofScores].sort((a, b) => strengthOf(b) - strengthOf(a))[0]!;
  return floors.action === 'allow' ? 'allow' : strongestOf;
}

describe('any document', () => {
  it('makes nothing milder, whatever it says', () => {
    fc.assert(
      fc.property(document, signals, (any, about) => {
        const both = withDocument(compiled, any)(about);
        expect(strengthOf(both.action)).toBeGreaterThanOrEqual(strengthOf(compiled(about).action));
      }),
      { numRuns: 3_000 },
    );
  });

  it('says the same of the same, in whatever order that was written', () => {
    const again = <Value>(value: Value): Value => JSON.parse(canonicalJson(value)) as Value;
    fc.assert(
      fc.property(document, signals, (any, about) => {
        const turned = JSON.parse(JSON.stringify(any)) as PolicyFile;
        const scores = Object.fromEntries(Object.entries(any.scores).reverse());
        const judged = withDocument(base, { ...turned, scores })(about);
        expect(withDocument(base, again(any))(again(about))).toEqual(judged);
      }),
      { numRuns: 1_000 },
    );
  });

  it('that is accepted would make nothing milder even in the place of the floor', () => {
    let accepted = 0;
    fc.assert(
      fc.property(document, signals, (any, about) => {
        if (loosenings(any).length > 0) return;
        accepted += 1;
        const [own, floors] = [atItsWord(any, about), compiled(about).action];
        expect(strengthOf(own)).toBeGreaterThanOrEqual(strengthOf(floors));
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

describe('what the floor demands', () => {
  it('is told for every category that a compiled rule names', () => {
    const rules = [floor, floorBesidePicture, unwantedBesidePicture, policyV1].flatMap(
      (one) => one.rules,
    );
    for (const { category: one } of rules) expect(floorDemands.categories[one]).toBe('refuse');
    const unread = { by: 'words', plain: [], found: [], unread: true } as const;
    const judged = base({ ...noSignals, texts: [unread] });
    expect(floorDemands.categories[judged.category ?? '']).toBe('refuse');
  });
});

describe('a policy file', () => {
  const faultOf = (document: object): string => {
    try {
      written(document);
      return 'none';
    } catch (error) {
      if (error instanceof PolicyRefused) return error.faults.map(({ at }) => at).join();
      throw error;
    }
  };

  it.each<[string, object]>([
    ['/name', { name: 'A B' }],
    ['/categories/X', { categories: { X: 'hold' } }],
    ['/scores/x', { scores: { x: { category: 'a' } } }],
    ['/scores/x', { scores: { x: { category: 'a', flag: 0.5, refuse: 0.2 } } }],
    ['/scores/x/hold', { scores: { x: { category: 'a', hold: 1.5 } } }],
    ['/rules/0/id', rule({ id: 'F1', when: { concepts: [['minor']] }, action: 'hold' })],
    ['/rules/0/when', rule({ when: { beside_picture: true }, action: 'hold' })],
    ['/rules/0/when/concepts/0/0', rule({ when: { concepts: [['magic']] }, action: 'hold' })],
    [
      '/rules/1/id',
      { rules: [1, 2].map(() => rule({ when: { scores: { x: 1 } }, action: 'flag' }).rules[0]) },
    ],
    ['', { else: 1 }],
  ])('names what is wrong: %s', (at, wrong) => {
    expect(faultOf(wrong)).toBe(at);
  });
});

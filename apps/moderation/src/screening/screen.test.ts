import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { above } from '../policy/policy.js';
import { floor } from '../policy/floor.js';
import { policyV1 } from '../policy/policy.v1.js';
import { benignPairs, benignPrompts } from '../test/benign-prompts.js';
import { evasions } from '../test/evasions.js';
import {
  fictionalPerson,
  otherLanguages,
  otherWordings,
  refusedRequests,
} from '../test/refused-requests.js';
import type { RequestWords } from './request.js';
import { PromptScreen } from './screen.js';

const screen = new PromptScreen(above(floor, policyV1), [fictionalPerson]);
const ruleOf = (prompt: string, negativePrompt = '') =>
  screen.screen({ prompt, negativePrompt }).ruleId;
const passes = (request: RequestWords) => screen.screen(request).verdict === 'pass';

describe('the benign corpus', () => {
  it('is large enough to mean something', () => {
    expect(new Set(benignPrompts).size).toBeGreaterThanOrEqual(150);
  });

  it('passes, every prompt', () => {
    const refused = benignPrompts
      .map((prompt) => [ruleOf(prompt), prompt])
      .filter(([rule]) => rule !== null);
    expect(refused).toEqual([]);
  });

  it('passes in upper case and in one long line of neighbours', () => {
    const refused = benignPrompts.filter((prompt) => ruleOf(prompt.toUpperCase()) !== null);
    expect(refused).toEqual([]);
  });

  it.each(benignPairs)('passes with a negative prompt: $negativePrompt', (request) => {
    expect(screen.screen(request)).toMatchObject({ verdict: 'pass', ruleId: null });
  });
});

describe('a refused request', () => {
  it.each([...refusedRequests, ...otherWordings, ...otherLanguages])(
    'is refused as $rule: $prompt',
    ({ rule, prompt }) => {
      expect(screen.screen({ prompt, negativePrompt: '' })).toMatchObject({
        verdict: 'block',
        ruleId: rule,
      });
    },
  );

  it('is refused when the negative prompt asks for bare bodies', () => {
    expect(ruleOf('photo of a woman', 'clothes')).toBe('F2');
    expect(ruleOf('photo of my colleague', 'blurry, her clothing, text')).toBe('F2');
    expect(ruleOf('a child', 'clothes')).toBe('F1');
    expect(ruleOf('portrait, woman', 'C L O T H E S')).toBe('F2');
  });

  it('is not excused by a harmless phrase elsewhere', () => {
    expect(ruleOf('a naked mole rat and a naked woman')).toBe('D1');
    expect(ruleOf('naked, eye')).toBe('D1');
    expect(ruleOf('remove the background and remove her clothes')).toBe('F2');
  });
});

describe('the evasion corpus', () => {
  const seeds = [
    ...refusedRequests,
    { rule: 'F4', prompt: `${fictionalPerson} naked`.toLowerCase() },
  ];

  it.each(evasions)('is refused: $name', ({ disguise }) => {
    const missed = seeds.flatMap(({ prompt }) => disguise(prompt).filter(passes));
    expect(missed).toEqual([]);
  });

  it('is refused in other languages too, split over both fields', () => {
    const disguises = evasions.filter(({ name }) => name.startsWith('split over'));
    const missed = otherLanguages.flatMap(({ prompt }) =>
      disguises.flatMap(({ disguise }) => disguise(prompt).filter(passes)),
    );
    expect(missed).toEqual([]);
  });
});

describe('screening', () => {
  it('answers for any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string(), (a, b) => {
        const finding = screen.screen({ prompt: a, negativePrompt: b });
        expect(['pass', 'block']).toContain(finding.verdict);
        expect(finding.verdict === 'block').toBe(finding.ruleId !== null);
      }),
      { numRuns: 2_000 },
    );
  });

  it('only gets stricter when words are added around a refused request', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...refusedRequests),
        fc.constantFrom(...benignPrompts),
        fc.constantFrom(...benignPrompts),
        ({ prompt }, before, after) => {
          expect(ruleOf(`${before}, ${prompt}, ${after}`)).not.toBeNull();
        },
      ),
      { numRuns: 500 },
    );
  });
});

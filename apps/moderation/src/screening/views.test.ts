import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { floor } from '../policy/floor.js';
import { above } from '../policy/policy.js';
import { policyV1 } from '../policy/policy.v1.js';
import { benignByLanguage } from '../test/benign-by-language.js';
import { benignPrompts } from '../test/benign-prompts.js';
import { evasions } from '../test/evasions.js';
import { refusedByLanguage } from '../test/refused-by-language.js';
import { otherWordings, refusedRequests } from '../test/refused-requests.js';
import { compiledCompound } from './compounds.js';
import { lexiconOf } from './lexicon.js';
import { readings } from './normalise.js';
import { Tokens } from './tokens.js';
import { Views } from './views.js';

const policy = above(floor, policyV1);
const lexicon = lexiconOf(policy, []);
const compounds = policy.compounds.map(compiledCompound);
const glasses = { lexicon, tokens: new Tokens(lexicon), compounds };
/** Forgets almost at once. */
const forgetful = { lexicon, tokens: new Tokens(lexicon, 2), compounds };

const union = (found: readonly number[]) => found.reduce((all, one) => all | one, 0);
const together = (texts: readonly string[]) => {
  const views = new Views(glasses);
  return union(texts.map((text) => views.conceptsOf(text)));
};
const oneByOne = (texts: readonly string[]) =>
  union(texts.map((text) => new Views(forgetful).conceptsOf(text)));

const benign = [...benignPrompts, ...benignByLanguage.map(({ prompt }) => prompt)];
const refused = [
  ...[...refusedRequests, ...otherWordings].map(({ prompt }) => prompt),
  ...Object.values(refusedByLanguage).flat(),
];
const disguises = evasions.filter(({ name }) => !name.startsWith('split'));
const phrase = fc.oneof(fc.constantFrom(...refused), fc.constantFrom(...benign));
const disguised = fc
  .tuple(phrase, fc.constantFrom(...disguises))
  .map(([text, { disguise }]) => disguise(text)[0]?.prompt ?? '');
const words = fc.oneof(
  { weight: 6, arbitrary: phrase.chain((text) => fc.constantFrom(...text.split(' '))) },
  { weight: 2, arbitrary: disguised },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);
const text = fc
  .array(fc.tuple(words, fc.constantFrom(' ', ' ', ', ', '-', '', '\u001e', '  ', '1')))
  .map((parts) => parts.flat().join(''));

describe('readings of one text', () => {
  it('mean together, compared with each other, what each means by itself', () => {
    fc.assert(
      fc.property(text, (one) => {
        const all = readings(one);
        expect(together(all)).toBe(oneByOne(all));
      }),
      { numRuns: 1_500 },
    );
  });

  it('mean so in long texts too, where little of them is looked at again', () => {
    const long = fc.array(phrase, { minLength: 20, maxLength: 40 }).map((all) => all.join(', '));
    fc.assert(
      fc.property(long, text, long, fc.nat(), (before, between, after, at) => {
        const cut = at % before.length;
        const changed = before.slice(0, cut) + between + before.slice(cut);
        const texts = [before, `${changed}, ${after}`, `${before}, ${after}`, before + after];
        expect(together(texts)).toBe(oneByOne(texts));
      }),
      { numRuns: 300 },
    );
  });
});

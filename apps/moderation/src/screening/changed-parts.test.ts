import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { floor } from '../policy/floor.js';
import { above } from '../policy/policy.js';
import { policyV1 } from '../policy/policy.v1.js';
import { benignPrompts } from '../test/benign-prompts.js';
import { refusedByLanguage } from '../test/refused-by-language.js';
import { otherWordings, refusedRequests } from '../test/refused-requests.js';
import { changedParts, chunksOf, reachOfChange } from './changed-parts.js';
import { compiledCompound } from './compounds.js';
import { lexiconOf } from './lexicon.js';
import { readings } from './normalise.js';
import { Tokens } from './tokens.js';
import { Views } from './views.js';

const policy = above(floor, policyV1);
const lexicon = lexiconOf(policy, []);
const compounds = policy.compounds.map(compiledCompound);
const glasses = { lexicon, tokens: new Tokens(lexicon), compounds };
const reach = reachOfChange(glasses);

const whole = (text: string) => new Views(glasses).conceptsOf(text);
const inParts = (text: string, earlier: string) =>
  changedParts(chunksOf(text), [chunksOf(earlier)], reach).reduce(
    (set, part) => set | new Views(glasses).conceptsOf(part),
    0,
  );

const refused = [
  ...[...refusedRequests, ...otherWordings].map(({ prompt }) => prompt),
  ...Object.values(refusedByLanguage).flat(),
];
const prompt = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...benignPrompts) },
  { weight: 1, arbitrary: fc.constantFrom(...refused) },
);
const word = prompt.chain((text) => fc.constantFrom(...text.split(' ')));
const long = fc
  .array(
    fc.tuple(
      fc.oneof(prompt, word, fc.constantFrom('u', 'n', '1', '.')),
      fc.constantFrom(' ', ', '),
    ),
    {
      minLength: 5,
      maxLength: 60,
    },
  )
  .map((parts) => parts.flat().join(''));

describe('what a reading changes', () => {
  it('means, with the reading before it, what the whole reading means', () => {
    fc.assert(
      fc.property(long, fc.array(fc.tuple(fc.nat(), word), { maxLength: 4 }), (text, changes) => {
        const before = readings(text)[0] ?? '';
        const chunks = [...chunksOf(before)];
        for (const [at, other] of changes) chunks[at % chunks.length] = other.toLowerCase();
        const after = chunks.join(' ');
        expect(inParts(after, before) | whole(before)).toBe(whole(after) | whole(before));
      }),
      { numRuns: 400 },
    );
  });

  it('is a small part of a long text, and all of one that does not match', () => {
    const text = benignPrompts.slice(0, 40).join(', ');
    const parts = changedParts(chunksOf(text.replace('castle', 'c4stle')), [chunksOf(text)], reach);
    expect(parts.join('').length).toBeLessThan(text.length / 4);
    expect(changedParts(chunksOf(`${text} more`), [chunksOf(text)], reach)).toEqual([
      `${text} more`,
    ]);
  });
});

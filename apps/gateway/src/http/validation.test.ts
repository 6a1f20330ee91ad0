import { describe, expect, it } from '@jest/globals';
import { generateRequest } from '@safelight/contracts';
import { validationProblem } from './validation.js';

const faultsIn = (body: unknown) => {
  const result = generateRequest.safeParse(body);
  if (result.success) throw new Error('the body passed');
  return validationProblem(result.error.issues);
};

describe('a body that does not fit', () => {
  it('names every fault with a JSON pointer and a remedy', () => {
    const problem = faultsIn({
      prompt: '',
      width: 1001,
      n: 9,
      'a/b~c': 1,
      output: { format: 'gif', x: 1 },
    });
    expect(problem.options.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/prompt', message: expect.stringContaining('at least 1') },
        { pointer: '/width', message: 'must be a multiple of 8; use 1000 or 1008' },
        { pointer: '/n', message: 'must be a whole number from 1 to 8' },
        { pointer: '/a~1b~0c', message: expect.stringContaining('remove it') },
        { pointer: '/output/format', message: 'must be png, jpeg or webp' },
        { pointer: '/output/x', message: expect.stringContaining('remove it') },
      ]),
    );
  });

  it('says what is wrong with the name of a metadata field', () => {
    const [fault] = faultsIn({ prompt: 'a', metadata: { ['n'.repeat(65)]: 'x' } }).options.errors!;
    expect(fault!.message).toBe('must be at most 64 characters; this has 65');
  });

  it('counts characters as a reader does', () => {
    expect(generateRequest.safeParse({ prompt: '🦊'.repeat(2000) }).success).toBe(true);
    expect(faultsIn({ prompt: '🦊'.repeat(2001) }).options.errors?.[0]?.message).toMatch(
      /this has 2001/,
    );
  });

  it.each([' ', '\t\n', '\u3000'])('takes %j for an empty prompt', (prompt) => {
    expect(faultsIn({ prompt }).options.errors?.[0]).toMatchObject({ pointer: '/prompt' });
  });

  it('keeps its answer short, however many fields are wrong', () => {
    const body = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, 1]));
    expect(faultsIn({ prompt: 'a lake', ...body }).options.errors?.length).toBeLessThanOrEqual(50);
  });
});

import { describe, expect, it } from '@jest/globals';
import { readingOf } from './reading.js';

const MIB = 2 ** 20;

describe('what nvidia-smi prints', () => {
  it('is read where it can be believed, also of the first of several cards', () => {
    expect(readingOf('NVIDIA H200, 143771, 142000\nother, 1, 1\n')).toEqual({
      ...{ name: 'NVIDIA H200', vramBytes: 143_771 * MIB, freeVramBytes: 142_000 * MIB },
    });
    expect(readingOf('A card, with a comma,  10 , 0')?.name).toBe('A card, with a comma');
  });

  it.each([
    ...[
      '',
      '\n',
      'No devices were found\n',
      '[N/A], [N/A], [N/A]\n',
      'card, 10\n',
      'card, 10, 11\n',
    ],
    ...['card, 0, 0\n', 'card, -1, -1\n', 'card, 1e3, 5\n', 'card, 10 MiB, 5 MiB\n', ', 10, 5\n'],
    ...['card, 99999999, 5\n', 'card, 12345678901234567890, 5\n', '\u0000\u0001\u0002'],
  ])('is nothing where it cannot: %j', (text) => {
    expect(readingOf(text)).toBeNull();
  });
});

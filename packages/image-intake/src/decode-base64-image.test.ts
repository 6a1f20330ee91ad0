import { describe, expect, it } from '@jest/globals';
import { decodeBase64Image } from './decode-base64-image.js';

const refused = (code: string) => expect.objectContaining({ code });

describe('an image in base64', () => {
  it('is decoded, whatever its length modulo three', () => {
    for (const length of [1, 2, 3, 4, 299, 300]) {
      const bytes = Buffer.alloc(length, 0xfb);
      expect(decodeBase64Image(bytes.toString('base64'), 300)).toEqual(bytes);
    }
  });

  it.each([
    ['nothing', ''],
    ['a data URL', `data:image/png;base64,${Buffer.from('abc').toString('base64')}`],
    ['the alphabet of URLs', '-_-_'],
    ['missing padding', 'YWI'],
    ['padding inside', 'YQ==YQ=='],
    ['too much padding', 'YWJj===='],
    ['a line break', 'YWJj\nYWJj'],
    ['a blank at the end', 'YWJj '],
    ['bits behind the last byte', 'YWJ='],
    ['a letter of another script', 'YWJјYWJj'],
    ['a NUL', 'YWJj\0\0\0\0'],
  ])('is refused with %s', (_, text) => {
    expect(() => decodeBase64Image(text, 300)).toThrow(refused('image.not_base64'));
  });

  it('is refused one byte over the limit', () => {
    for (const limit of [298, 299, 300]) {
      const text = (length: number) => Buffer.alloc(length).toString('base64');
      expect(decodeBase64Image(text(limit), limit)).toHaveLength(limit);
      expect(() => decodeBase64Image(text(limit + 1), limit)).toThrow(refused('image.too_large'));
    }
  });

  it('is measured before anything is decoded', () => {
    // Not base64 at all: only its length can have been looked at.
    expect(() => decodeBase64Image('?'.repeat(405), 300)).toThrow(refused('image.too_large'));
  });

  it('tells what to do in the refusal', () => {
    expect(() => decodeBase64Image('data:,', 300)).toThrow(/without a "data:" prefix/);
    expect(() => decodeBase64Image('?'.repeat(405), 300)).toThrow(/more than 300 bytes/);
  });
});

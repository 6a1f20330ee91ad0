import { describe, expect, it } from '@jest/globals';
import { readBrief } from './brief.js';

const read = (prompt: string, negative = '') => readBrief(prompt, negative, 7);

describe('the reading of a prompt', () => {
  it('finds subject, count, size and the colour that belongs to it', () => {
    const brief = read('two tiny red foxes in snow, woodcut');
    expect(brief.motifs).toEqual([
      { name: 'fox', count: 2, size: 0.5, colour: 'red', word: 'foxes' },
    ]);
    expect(brief.weather.has('snow')).toBe(true);
    expect(brief.style).toBe('woodcut');
  });

  it('tells colours of sky, ground and things apart', () => {
    const brief = read('a yellow teapot on a blue table under a pink sky, teal');
    expect(brief.motifs[0]?.colour).toBe('yellow');
    expect(brief.groundColour).toBe('blue');
    expect(brief.skyColour).toBe('pink');
    expect(brief.colours).toEqual(['teal']);
  });

  it('knows phrases, plurals and synonyms', () => {
    expect(read('hot air balloons').motifs[0]).toMatchObject({ name: 'balloon', count: 3 });
    expect(read('the northern lights').weather.has('aurora')).toBe(true);
    expect(read('aquarelle of a locomotive')).toMatchObject({ style: 'watercolour' });
    expect(read('stained glass window').style).toBe('glass');
  });

  it('reads signs and emoji as words', () => {
    expect(read('山と月').places).toContain('mountains');
    expect(read('🦊').motifs[0]?.name).toBe('fox');
  });

  it('leaves out what is refused, in either prompt', () => {
    expect(read('sea without a boat').motifs).toEqual([]);
    expect(read('sea and a boat', 'sailing').motifs).toEqual([]);
    expect(read('stormy sea', 'storm').weather.has('storm')).toBe(false);
  });

  it('hashes unknown words, so that they steer what is left open', () => {
    expect(read('zorblax').accent).not.toBe(read('quuxing').accent);
  });
});

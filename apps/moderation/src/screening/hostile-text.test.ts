import { describe, expect, it } from '@jest/globals';
import { above } from '../policy/policy.js';
import { floor } from '../policy/floor.js';
import { policyV1 } from '../policy/policy.v1.js';
import { readings } from './normalise.js';
import { PromptScreen } from './screen.js';

const screen = new PromptScreen(above(floor, policyV1));
const promptLength = 2_000;
const negativeLength = 1_024;
/** A matcher that backtracks needs minutes or years for these; this one some hundredths of a second. */
const generousMs = 2_000;

const units: Readonly<Record<string, string>> = {
  'one letter': 'a',
  'single letters': 'a ',
  'beginnings of words': 'n u d ',
  'letters with signs': 'n*',
  dots: '.',
  'leet characters': '@1$3!',
  'base64 of words': 'bnVk',
  'base64 characters': 'A/+-_=',
  'broken percent bytes': '%6',
  'percent bytes': '%6e',
  'hexadecimal digits': '6e 75 ',
  'numeric entities': '&#110;',
  'broken entities': '&#x',
  'camel case': 'nU',
  'ligatures that unfold': 'ﷺ',
  'marks on marks': 'n\u0301\u0323',
  'zero-width': '\u200b',
  'look-alikes': 'н ',
  weights: ':1.3',
  'broken weights': ':1',
  verbs: 'remove ',
  'known words run together': 'herherherherherherherherherherherherher ',
  'harmless beginnings': 'remove the ',
  ages: '12 years ',
  'unspaced script': '脱',
  items: 'a,',
  blanks: ' ',
  'surrogate pairs': '𝓷',
  'hidden vowels': 'n*d*r*s*',
  'escapes of code': '\\u006e',
  'broken escapes': '\\u{6',
  tags: '<b>n',
  'open tags': '<',
  'letters of flags': '🇳',
  'upside down': 'ɐu',
  slips: 'undrses ',
  'rotated words': 'haqerff ',
};

describe('hostile text', () => {
  it.each(Object.entries(units))('is screened in bounded time: %s', (_name, unit) => {
    const fill = (length: number) => unit.repeat(length).slice(0, length);
    const started = performance.now();
    screen.screen({ prompt: fill(promptLength), negativePrompt: fill(negativeLength) });
    expect(performance.now() - started).toBeLessThan(generousMs);
  });

  it.each(Object.entries(units))('has few and short readings: %s', (_name, unit) => {
    const text = unit.repeat(promptLength).slice(0, promptLength);
    const all = readings(text);
    expect(all.length).toBeLessThanOrEqual(40);
    const longestExpansion = 18;
    for (const reading of all) {
      expect(reading.length).toBeLessThanOrEqual(text.length * longestExpansion);
    }
  });
});

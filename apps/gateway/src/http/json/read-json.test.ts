import { describe, expect, it } from '@jest/globals';
import { readJson } from './read-json.js';

const read = (text: string) => readJson(Buffer.from(text));
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const SIX_MB = 6 * 1024 * 1024;
/** CPU milliseconds: some 30 on a quiet machine, and minutes if the time were not linear. */
const COST_MAX_MS = 400;

describe('a body', () => {
  it('is read as JSON', () => {
    const text = '{"a": [1, "zwei\\n", null, {"ä\\"": true}], "constructor": "x"}';
    expect(read(text).value).toEqual(JSON.parse(text));
    expect(readJson(Buffer.from(`\uFEFF${text}`)).value).toEqual(JSON.parse(text));
    expect(read('').value).toBeUndefined();
    expect(read('"\\ud83e\\udd8a"').value).toBe('🦊');
    expect(read(`{"text": "${'[{'.repeat(99_999)}"}`).faults).toBeUndefined();
  });

  it('may be 32 levels deep and hold 10,000 values', () => {
    expect(read(deep(32)).faults).toBeUndefined();
    expect(read(`[${'1,'.repeat(9_999)}1]`).faults).toBeUndefined();
  });

  it.each<[what: string, text: string, pointer: string, remedy: RegExp]>([
    ['33 levels', deep(33), '/0'.repeat(32), /more than 32 levels.*flatten/],
    ['33 levels of objects', '{"a/b":'.repeat(33), '/a~1b'.repeat(32), /32 levels/],
    ['10,001 values', `{"a": [${'1,'.repeat(10_000)}1]}`, '/a/10000', /at most 10000/],
    ['10,001 empty lists', `[${'[],'.repeat(10_000)}[]]`, '/10000', /at most 10000/],
    ['a NUL', '{"a": ["x", "\\u0000"]}', '/a/1', /NUL.*remove/],
    ['half a pair', '{"a": "\\ud800"}', '/a', /unpaired surrogate.*remove/],
    ['the other half', '{"a": "\\udc00 \\ud800\\udc00"}', '/a', /unpaired surrogate/],
    ['a NUL in a name', '{"a": {"b\\u0000": 1}}', '/a/b\uFFFD', /name that.*NUL/],
    ['half a pair in a name', '{"\\ud800": 1}', '/\uFFFD', /name that.*surrogate/],
    ['a number without end', '{"a": [1e400]}', '/a/0', /finite/],
    ['a prototype', '{"a": {"__proto__": {"admin": true}}}', '/a/__proto__', /remove/],
    ['a prototype in disguise', '{"\\u005f_proto__": 1}', '/__proto__', /remove/],
    ['a constructor', '{"constructor": {"prototype": {}}}', '/constructor', /remove/],
    ['no JSON', '{"a": ', '', /quotes, commas and brackets/],
    ['two documents', '{} {}', '', /quotes, commas and brackets/],
    ['too many closing brackets', ']]]]', '', /quotes, commas and brackets/],
  ])('with %s is refused where that is, with the remedy', (_, text, pointer, remedy) => {
    expect(read(text).faults).toEqual([{ pointer, message: expect.stringMatching(remedy) }]);
  });

  it('that is not UTF-8 is refused', () => {
    const { faults } = readJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]));
    expect(faults?.[0]?.message).toMatch(/UTF-8/);
  });

  it('with a name given twice has what was given last', () => {
    expect(read('{"a": 1, "a": 2, "\\u0061": 3}').value).toEqual({ a: 3 });
  });

  it('never changes what other objects are', () => {
    read('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('a bomb of 6 MB', () => {
  it.each<[string, string]>([
    ['nested lists', deep(SIX_MB / 2)],
    ['nested objects', '{"a":'.repeat(SIX_MB / 6)],
    ['many values', `[${'1,'.repeat(SIX_MB / 2)}1]`],
    ['many empty objects', `[${'{},'.repeat(SIX_MB / 3)}{}]`],
    ['nothing but brackets', '[]'.repeat(SIX_MB / 2)],
    ['nothing but quotes', '"'.repeat(SIX_MB)],
    ['nothing but colons', ':'.repeat(SIX_MB)],
    ['escaped quotes', `{"a": "${'\\"'.repeat(SIX_MB / 2)}`],
    ['backslashes', `{"a": "${'\\\\'.repeat(SIX_MB / 2)}\\"}`],
    ['spaces', ' '.repeat(SIX_MB)],
    ['one number', '9'.repeat(SIX_MB)],
    ['one long name', `{"${'a'.repeat(SIX_MB)}": ${deep(40)}}`],
    ['NUL after NUL', `{"a": "${'\\u0000'.repeat(SIX_MB / 6)}"}`],
  ])('of %s costs little', (_, text) => {
    const bytes = Buffer.from(text);
    const cost = Math.min(
      ...[1, 2, 3].map(() => {
        const before = process.cpuUsage();
        expect(readJson(bytes).faults).toBeDefined();
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      }),
    );
    expect(cost).toBeLessThan(COST_MAX_MS);
  });
});

import { describe, expect, it } from '@jest/globals';
import { usageQuery } from './account.js';
import { listJobsQuery } from './list-jobs.js';
import { timeParameter } from './parameters.js';

describe('a time in a request', () => {
  it.each([
    ['2026-11-21T10:00:00+02:00', '2026-11-21T08:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ])('%s is %s', (given, utc) => expect(timeParameter.parse(given)).toBe(utc));

  it.each(['1969-12-31T23:59:59Z', '9999-12-31T23:59:59-14:00', '2026-11-21', 'now', ''])(
    '%j is none',
    (given) => expect(timeParameter.safeParse(given).success).toBe(false),
  );
});

describe('the query of a list of jobs', () => {
  it('gathers metadata, and names what it does not know', () => {
    const query = { 'metadata.a.b': '1', 'metadata.c': '', limit: '3' };
    expect(listJobsQuery.parse(query)).toEqual({ limit: 3, metadata: { 'a.b': '1', c: '' } });
    const wrong = listJobsQuery.safeParse({ 'metadata.': '1', colour: 'red' });
    expect(wrong.error?.issues.map(({ path, code }) => [code, ...path])).toEqual([
      ['invalid_key', 'metadata', ''],
      ['unrecognized_keys'],
    ]);
  });

  it('takes nothing twice', () => {
    expect(listJobsQuery.safeParse({ 'metadata.a': ['1', '2'] }).success).toBe(false);
    expect(listJobsQuery.safeParse({ cursor: ['1', '2'] }).success).toBe(false);
  });
});

describe('the query of usage', () => {
  it('is thirty days up to now unless said otherwise', () => {
    const { from, to } = usageQuery.parse({});
    expect(Date.parse(to) - Date.parse(from)).toBe(30 * 86_400_000);
    const given = usageQuery.parse({ to: '2026-03-31T00:00:00Z' });
    expect(given.from).toBe('2026-03-01T00:00:00.000Z');
    const backwards = { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' };
    expect(usageQuery.safeParse(backwards).success).toBe(false);
  });
});

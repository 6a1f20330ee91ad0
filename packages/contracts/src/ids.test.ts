import { describe, expect, it } from '@jest/globals';
import { encodeUuid, firstIdAt, newId } from './ids.js';
import { jobId } from './scalars.js';

describe('an id', () => {
  it('is its prefix and the UUID in Crockford base32', () => {
    expect(encodeUuid('00000000-0000-0000-0000-000000000000')).toBe('0'.repeat(26));
    expect(encodeUuid('ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe(`7${'z'.repeat(25)}`);
    expect(encodeUuid('00000000-0000-0000-0000-000000000020')).toBe(`${'0'.repeat(24)}10`);
    expect(jobId.safeParse(newId('job')).success).toBe(true);
    expect(jobId.safeParse(newId('acc')).success).toBe(false);
  });

  it('sorts after the first id of its time, and before that of the next millisecond', () => {
    const before = Date.now();
    const id = newId('job');
    expect(id >= firstIdAt('job', before)).toBe(true);
    expect(id < firstIdAt('job', Date.now() + 2)).toBe(true);
    expect(jobId.safeParse(firstIdAt('job', -1)).success).toBe(true);
  });

  it('sorts by its time of birth', () => {
    const ids = Array.from({ length: 20_000 }, () => newId('job'));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

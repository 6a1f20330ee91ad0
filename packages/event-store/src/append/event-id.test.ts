import { describe, expect, it } from '@jest/globals';
import { validate, version } from 'uuid';
import { newEventId } from './event-id.js';

describe('the id of an event', () => {
  it('is a UUIDv7 that carries its time, and never the same', () => {
    const ids = Array.from({ length: 2000 }, (_, index) => newEventId(1_700_000_000_000 + index));
    for (const id of ids) expect([validate(id), version(id)]).toEqual([true, 7]);
    expect(ids.toSorted()).toEqual(ids);
    expect(newEventId(0x0123456789ab).slice(0, 13)).toBe('01234567-89ab');
    expect(new Set(Array.from({ length: 2000 }, () => newEventId(1))).size).toBe(2000);
  });
});

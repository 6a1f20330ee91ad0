import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examples, tryExample } from './api/examples.js';
import { likeness } from './api/likeness.js';
import { Fleet } from './fleet.js';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
}, 120_000);
afterAll(() => fleet.close(), 60_000);

describe('every documented example', () => {
  it.each(examples)('$what', async (example) => {
    const { status, body, varies } = example.answer;
    const answer = await tryExample(fleet, example);
    expect(likeness(answer.json, varies)).toEqual(likeness(body, varies));
    expect(answer.status).toBe(status);
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    expect(answer.headers.get('content-type')).toContain(type);
  });
});

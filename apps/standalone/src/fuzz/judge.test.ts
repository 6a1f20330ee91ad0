import { beforeAll, describe, expect, it } from '@jest/globals';
import { openApiDocument } from '@safelight/contracts';
import type { RawAnswer } from './exchange.js';
import { Judge } from './judge.js';
import type { ApiDocument } from './operations.js';
import type { FuzzRequest } from './requests.js';

let judge: Judge;
beforeAll(async () => {
  judge = new Judge((await openApiDocument()) as unknown as ApiDocument);
});

const request = (parts: Partial<FuzzRequest> = {}): FuzzRequest => ({
  ...{ method: 'GET', target: '/api/v1/account', headers: {}, trespasses: false },
  ...parts,
});
const answer = (status: number, body: unknown, type = 'application/json'): RawAnswer => ({
  status,
  headers: { 'content-type': `${type}; charset=utf-8` },
  text: JSON.stringify(body),
});

const account = {
  data: {
    ...{ id: 'acc_1', name: 'test', plan: 'standard' },
    credits: { available: '5', held: '0', paid: '0', promotional: '5', next_expiry: null },
    limits: {
      ...{ key_per_minute: 60, account_per_minute: 300, open_jobs: null },
      ...{ running_jobs: null, weight: 1 },
    },
    usage: { period_start: '2026-11-01T00:00:00.000Z', jobs: 0, completed: 0, credits: '0' },
  },
  meta: {},
};
const problem = (status: number, code: string) =>
  answer(
    status,
    {
      ...{ type: '/docs/errors#x', title: 't', status, detail: 'd', instance: 'i', code },
      request_id: 'r',
    },
    'application/problem+json',
  );

const film = request({ method: 'POST', target: '/api/v1/video' });
/** Of the images dialect. */
const words = {
  error: {
    message: 'm',
    type: 'invalid_request_error',
    code: 'not_found',
    param: null,
    request_id: 'r',
  },
};

describe('the judge of answers', () => {
  it.each<[string, FuzzRequest, RawAnswer]>([
    ['a documented success', request(), answer(200, account)],
    ['a documented refusal', request(), problem(401, 'UNAUTHORIZED')],
    [
      'a refusal of a dialect where nothing is',
      request({ target: '/v1/nothing' }),
      answer(404, words),
    ],
    ['a refusal where nothing is', request({ target: '/nothing' }), problem(404, 'NOT_FOUND')],
    ['a documented want of workers', film, problem(503, 'GPU_UNAVAILABLE')],
  ])('has no complaint about %s', (_, asked, given) => {
    expect(judge.complaint(asked, given)).toBeUndefined();
  });

  it.each<[string, FuzzRequest, RawAnswer, RegExp]>([
    ['a fault of ours', request(), problem(500, 'INTERNAL'), /answers 500/],
    ['a part that is away', film, problem(503, 'SERVICE_UNAVAILABLE'), /answers 503/],
    ['another want of workers', request(), problem(503, 'GPU_UNAVAILABLE'), /does not fit/],
    ['a member too many', request(), answer(200, { ...account, secret: 1 }), /does not fit/],
    ['a member of the wrong type', request(), answer(200, { data: [], meta: {} }), /does not fit/],
    ['a status that is not documented', request(), answer(418, {}), /not documented/],
    ['a media type that is not documented', request(), answer(200, '', 'text/html'), /text\/html/],
    ['a code of another status', request(), problem(401, 'NOT_FOUND'), /does not fit/],
    ['a refusal without a form', request(), answer(401, {}, 'application/json'), /not documented/],
    ['a success where nothing is', request({ target: '/x' }), answer(200, {}), /nothing is/],
    ['no problem document', request({ target: '/x' }), answer(404, {}), /no problem document/],
    [
      'the words of a dialect elsewhere',
      request({ target: '/x' }),
      answer(404, words),
      /no problem/,
    ],
    ['a trespass', request({ trespasses: true }), answer(200, account), /another account/],
  ])('complains about %s', (_, asked, given, complaint) => {
    expect(judge.complaint(asked, given)).toMatch(complaint);
  });
});

import { expect, it } from '@jest/globals';
import { newUuid } from '@safelight/contracts';
import { address, eventIdOf, type Listener } from './address.js';
import type { News } from './news.js';

const news = (accountId: string, jobId: string, type: News['type']): News => ({
  ...{ messageId: newUuid(), accountId, jobId, type, status: 'completed', sequence: 9 },
  occurredAt: '2026-01-01T00:00:00.000Z',
});
const listener = (id: string, part: Partial<Listener> = {}): Listener => ({
  ...{ id, account_id: 'acc_1', job_id: null, receiver: 'acc_1 https://a.example' },
  ...{ events: ['job.completed', 'job.failed'], last_number: 7n },
  ...part,
});

it('tells each listener what it asked for, numbered on without a hole', () => {
  const told = [
    news('acc_1', 'job_1', 'job.completed'),
    news('acc_2', 'job_2', 'job.completed'),
    news('acc_1', 'job_3', 'job.queued'),
    news('acc_1', 'job_4', 'job.failed'),
  ];
  const listeners = [
    listener('whk_all'),
    listener('whk_one', { job_id: 'job_4', last_number: 0n }),
    listener('whk_other', { account_id: 'acc_2' }),
  ];
  const deliveries = address(told, listeners);
  expect(deliveries.map((one) => [one.endpoint_id, one.job_id, one.number])).toEqual([
    ['whk_all', 'job_1', '8'],
    ['whk_all', 'job_4', '9'],
    ['whk_one', 'job_4', '1'],
    ['whk_other', 'job_2', '8'],
  ]);
  // Whoever hears of the same event twice knows it by its id.
  expect(deliveries[1]?.event_id).toBe(deliveries[2]?.event_id);
  expect(deliveries[0]?.event_id).toBe(eventIdOf(told[0]!.messageId));
});

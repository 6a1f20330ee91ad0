import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseCredits, statementAnswer } from '@safelight/contracts';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
}, 120_000);
afterAll(() => fleet.close(), 60_000);

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };
const path = (month: string, format?: string) =>
  `/api/v1/account/statements/${month}${format === undefined ? '' : `?format=${format}`}`;
/** Of the moment, and of the moment after it: a test may run over the end of a month. */
const thisMonth = () => new Date().toISOString().slice(0, 7);

async function worked(): Promise<{ client: TestClient; accountId: string; job: string }> {
  const { accountId, apiKey } = await fleet.account('20');
  const client = new TestClient(fleet.url, apiKey);
  const job = (await client.run(blank)).id as string;
  return { client, accountId, job };
}

const recordsOf = (text: string) => text.trimEnd().split('\r\n');

describe('a month’s statement', () => {
  it('adds up, and explains the charge of a job, in three formats', async () => {
    const { client, accountId, job } = await worked();
    const answer = await client.get(path(thisMonth()));
    expect(answer.status).toBe(200);
    const { data } = statementAnswer.parse(answer.json);
    expect(data).toMatchObject({ account_id: accountId, status: 'preliminary' });
    expect(data.opening.total).toBe('0');
    expect(data.lines.map(({ type }) => type)).toEqual(['grant', 'charge']);
    const moved = Object.values(data.totals).map(({ amount }) => parseCredits(amount));
    expect(moved.reduce((sum, micros) => sum + micros, 0n)).toBe(parseCredits(data.closing.total));
    const [, line] = data.lines;
    const charged = (await client.get(`/api/v1/jobs/${job}/charge`)).json.data;
    expect(line).toMatchObject({
      ...{
        entry: charged.settlement.entry,
        job_id: job,
        amount: `-${charged.settlement.captured}`,
      },
      charge: {
        model: 'builtin/blank',
        price_version: charged.price_version,
        lines: charged.lines,
      },
    });
    expect(line?.charge?.key_id).toMatch(/^key_/);
    const csv = await client.get(path(thisMonth(), 'csv'));
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const records = recordsOf(csv.text);
    expect(records.map((record) => record.split(',')[1])).toEqual([
      ...['type', 'opening_balance', 'grant', 'charge', 'closing_balance'],
    ]);
    const widths = records
      .filter((record) => !record.includes('"'))
      .map((r) => r.split(',').length);
    expect(new Set(widths)).toEqual(new Set([21]));
    const focus = recordsOf((await client.get(path(thisMonth(), 'focus'))).text);
    expect(focus).toHaveLength(3);
    expect(focus[2]).toContain(`generate/builtin/blank`);
  });

  it('of a month that is over is the same byte for byte', async () => {
    const { client } = await worked();
    for (const format of ['json', 'csv', 'focus']) {
      const [first, second] = [
        await client.get(path('2026-01', format)),
        await client.get(path('2026-01', format)),
      ];
      expect(first.status).toBe(200);
      expect(second.text).toBe(first.text);
    }
  });

  it('says what is wrong with a month that is none, is to come, or a format that is none', async () => {
    const { client } = await worked();
    for (const [month, format, pointer] of [
      ['2026-13', undefined, '/month'],
      ['soon', undefined, '/month'],
      ['2099-01', undefined, '/month'],
      ['2026-01', 'pdf', '?format'],
    ] as const) {
      const { status, json } = await client.get(path(month, format));
      expect([status, json.code, json.errors[0].pointer]).toEqual([
        ...[422, 'VALIDATION_ERROR'],
        expect.stringContaining(pointer.slice(1)),
      ]);
    }
  });

  it('is nobody else’s: each key reads its own account', async () => {
    const { job } = await worked();
    const stranger = new TestClient(fleet.url, (await fleet.account('20')).apiKey);
    expect((await stranger.get(path(thisMonth()))).text).not.toContain(job);
    expect((await new TestClient(fleet.url, 'sl_live_none').get(path('2026-01'))).status).toBe(401);
  });
});

describe('the ledger and the account', () => {
  it('name what is behind an entry, and what the credits are made of', async () => {
    const { client, accountId, job } = await worked();
    const { data } = (await client.get('/api/v1/account/ledger')).json;
    expect((data as { subject: unknown }[]).map(({ subject }) => subject)).toEqual([
      { type: 'job', id: job },
      { type: 'job', id: job },
      { type: 'grant', id: `welcome:${accountId}` },
    ]);
    const { credits } = (await client.get('/api/v1/account')).json.data;
    expect(credits).toMatchObject({ paid: '0', promotional: credits.available, next_expiry: null });
  });
});

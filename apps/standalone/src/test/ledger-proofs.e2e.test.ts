import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Evidence, InclusionProof, PublishedKey, SignedHead } from '@safelight/sdk';
import { verifyEntryStands, verifyInclusion } from '@safelight/sdk';
import pg from 'pg';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const painted = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };

let folder: string;
let fleet: Fleet;
let client: TestClient;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-proofs-'));
  fleet = await Fleet.start({ layout: 'one process', env: { BILLING_SEAL_EVERY_MS: '200' } });
  client = new TestClient(fleet.url, (await fleet.account('10')).apiKey);
}, 120_000);
afterAll(async () => {
  await fleet.close();
  await rm(folder, { recursive: true });
}, 60_000);

const read = async <Data>(path: string): Promise<Data> =>
  (await client.send('GET', path)).json.data as Data;
const freshHead = async (): Promise<SignedHead> =>
  (await client.send('POST', '/api/v1/account/ledger/heads')).json.data as SignedHead;

/** Runs a program of ours to its end, as somebody at a terminal would. */
async function ran(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, said };
}

async function verifiedOffline(evidence: Evidence) {
  const file = join(folder, 'evidence.json');
  await writeFile(file, JSON.stringify(evidence));
  return ran(['docs/examples/verify-ledger.mjs', file]);
}

/** What a customer saves around one job, and asks for after another. */
async function evidenceOf(): Promise<Evidence> {
  const keys = await read<PublishedKey[]>('/api/v1/ledger/keys');
  await client.run(painted);
  const older = await freshHead();
  const inclusion = await read<InclusionProof>('/api/v1/account/ledger/inclusion?sequence=1');
  await client.run(painted);
  const newer = await freshHead();
  const sizes = `from=${older.tree_size}&to=${newer.tree_size}`;
  const consistency = await read<Evidence['consistency']>(`/api/v1/ledger/consistency?${sizes}`);
  return { keys, older, newer, consistency, inclusion };
}

describe('a customer with the SDK and two signed heads', () => {
  it('proves that an old entry stands, and refuses any other history', async () => {
    const evidence = await evidenceOf();
    expect(evidence.newer.tree_size).toBeGreaterThan(evidence.older.tree_size);
    const proven = await verifiedOffline(evidence);
    expect(proven).toMatchObject({ code: 0 });
    expect(proven.said).toContain('"available_after_micros":"10000000"');

    const { older, newer, inclusion, consistency } = evidence;
    const forgeries: Record<string, Evidence> = {
      not_included: {
        ...evidence,
        inclusion: {
          ...inclusion,
          leaf: inclusion.leaf.replace(
            '"available_micros":"10000000"',
            '"available_micros":"9000000"',
          ),
        },
      },
      bad_signature: { ...evidence, newer: { ...newer, tree_size: newer.tree_size + 1 } },
      not_consistent: {
        ...evidence,
        consistency: { ...consistency, path: [older.root_hash, ...consistency.path.slice(1)] },
      },
      unknown_key: { ...evidence, keys: [] },
    };
    for (const [fault, forged] of Object.entries(forgeries)) {
      const { code, said } = await verifiedOffline(forged);
      expect([code, said]).toEqual([1, expect.stringContaining(`NOT proven (${fault})`)]);
    }
  });

  it('finds its ledger, entry by entry, in what is proven', async () => {
    const head = await freshHead();
    const { json } = await client.send('GET', '/api/v1/account/ledger?limit=100');
    const entries = json.data as { sequence: number; at: string; balance: { available: string } }[];
    expect(entries.length).toBeGreaterThanOrEqual(3);
    for (const { sequence, at, balance } of entries) {
      const path = `/api/v1/account/ledger/inclusion?sequence=${sequence}&tree_size=${head.tree_size}`;
      const entry = verifyInclusion(await read<InclusionProof>(path), head);
      expect(entry.recorded_at.slice(0, 23)).toBe(at.slice(0, 23));
      const available = Number(entry['available_after_micros']) / 1e6;
      expect(String(available)).toBe(balance.available);
    }
  });

  it('is told what is wrong with a question', async () => {
    const problemOf = async (path: string) => {
      const { status, json } = await client.send('GET', path);
      return [status, json.code, json.errors?.[0]?.pointer] as unknown[];
    };
    const own = '/api/v1/account/ledger/inclusion';
    expect(await problemOf(`${own}?sequence=9999`)).toEqual([404, 'NOT_FOUND', undefined]);
    expect(await problemOf(`${own}?sequence=1&tree_size=999999`)).toEqual([
      ...[422, 'VALIDATION_ERROR', '?tree_size'],
    ]);
    expect(await problemOf(own)).toEqual([422, 'VALIDATION_ERROR', '?sequence']);
    const open = '/api/v1/ledger/consistency';
    expect(await problemOf(`${open}?from=2&to=1`)).toEqual([422, 'VALIDATION_ERROR', '?from']);
    expect(await problemOf(`${open}?from=1&to=999999`)).toEqual([422, 'VALIDATION_ERROR', '?to']);
  });
});

describe('npm run ops -- ledger verify', () => {
  const verify = (...more: string[]) =>
    ran(['apps/ops/dist/main.js', 'ledger', 'verify', ...more], {
      DATABASE_URL: fleet.postgres.url,
    });

  it('is content with the fleet’s ledger, and names block and entry of one changed byte', async () => {
    const evidence = await evidenceOf();
    const [keys, head] = [join(folder, 'keys.json'), join(folder, 'head.json')];
    await writeFile(keys, JSON.stringify({ data: evidence.keys, meta: {} }));
    await writeFile(head, JSON.stringify(evidence.older));
    const sound = await verify('--key', keys, '--head', head);
    expect(sound).toMatchObject({ code: 0 });
    expect(sound.said).toContain('Everything is as it was sealed.');
    expect(await verify('--head', head)).toMatchObject({ code: 2 });

    const { id, account_id } = verifyEntryStands(evidence);
    const admin = new pg.Client({ connectionString: fleet.postgres.url });
    await admin.connect();
    await admin.query('alter table billing.transactions disable trigger all');
    await admin.query(
      `update billing.transactions set metadata =
         replace(metadata::text, '"', ' "')::json where id = $1`,
      [id],
    );
    await admin.end();
    const { code, said } = await verify();
    expect(code).toBe(1);
    expect(said).toMatch(
      new RegExp(
        `block \\d+, entry ${id} \\(position \\d+, entry 1 of ${account_id}\\): it was changed`,
      ),
    );
  });
});

import { randomUUID } from 'node:crypto';
import { newId } from '@safelight/contracts';
import sharp from 'sharp';
import { TestClient } from '../client.js';
import type { Fleet } from '../fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };

/** An account that has one of everything that a request can name. */
export interface Owner {
  readonly client: TestClient;
  readonly accountId: string;
  /** By the prefix of ids, or by operation and parameter where there is none. */
  readonly things: Readonly<Record<string, string>>;
}

/**
 * Makes one of everything; who is patient waits until it is finished. A new kind of id in a path, query or body needs its line here: the matrix
 * of wrong callers fails until it has one.
 */
export async function ownerIn(
  fleet: Fleet,
  { credits = '100', patient = true }: { credits?: string; patient?: boolean } = {},
): Promise<Owner> {
  const { accountId, apiKey } = await fleet.account(credits);
  const client = new TestClient(fleet.url, apiKey);
  const idempotencyKey = randomUUID();
  const accepted = await client.generate(blank, { 'idempotency-key': idempotencyKey });
  const job = accepted.json.data.id as string;
  if (patient) await client.ended(job);
  const key = (await client.send('POST', '/api/v1/keys', { scopes: ['jobs:read'] })).json.data
    .id as string;
  const upl = await uploadedBy(client);
  const said = { ...(await saidOf(client)), ...(await receiverOf(client)) };
  const top = await boughtBy(client);
  const things = { job, key, upl, top, ...said, 'getIdempotencyKey.key': idempotencyKey };
  return { client, accountId, things };
}

/** Uploads a plain picture, and tells its id. */
export async function uploadedBy(client: TestClient): Promise<string> {
  const plain = { width: 256, height: 256, channels: 3, background: '#fff' } as const;
  const image = (await sharp({ create: plain }).png().toBuffer()).toString('base64');
  return (await client.send('POST', '/api/v1/uploads', { image })).json.data.id as string;
}

/** Orders credits where payments are played, and tells the order's id. */
export async function boughtBy(client: TestClient): Promise<string> {
  const ordered = await client.send('POST', '/api/v1/account/top-ups', { package: 'small' });
  return ordered.json.data.id as string;
}

/** A quote, a refusal by the policy, and a consent. */
async function saidOf(client: TestClient): Promise<Record<string, string>> {
  const { prompt, ...rest } = blank;
  const evidence_sha256 = 'a'.repeat(64);
  const face = { subject: 'model 17', purpose: 'face swap in our catalogue', evidence_sha256 };
  const [quote, refused, consent] = await Promise.all([
    client.send('POST', '/api/v1/quotes', { operation: 'generate', request: blank }),
    client.generate({ ...rest, prompt: `${prompt} with a nude statue` }),
    client.send('POST', '/api/v1/consents', face),
  ]);
  return {
    qte: quote.json.data.id as string,
    dec: refused.json.decision_id as string,
    cns: consent.json.data.id as string,
  };
}

/** Nothing listens there, and nothing needs to. */
async function receiverOf(client: TestClient) {
  const url = 'https://hooks.example.com/in';
  const made = await client.send('POST', '/api/v1/webhooks', { url });
  const whk = made.json.data.id as string;
  const tried = await client.send('POST', `/api/v1/webhooks/${whk}/test`);
  return { whk, dlv: tried.json.data.delivery_id as string };
}

/** A thing of the same kind that never was. */
export const neverWas = (kind: string): string =>
  /^[a-z]{3}$/.test(kind) ? newId(kind as Parameters<typeof newId>[0]) : randomUUID();

import { randomUUID } from 'node:crypto';
import type { ApiRoute, Given, RouteExample } from '@safelight/contracts';
import { apiRoutes } from '@safelight/contracts';
import type { Answer } from '../client.js';
import { TestClient } from '../client.js';
import type { Fleet } from '../fleet.js';
import { filled } from '../../fuzz/operations.js';
import { boughtBy, uploadedBy } from './things.js';

export const examples: readonly (RouteExample & { route: ApiRoute; what: string })[] =
  apiRoutes.flatMap((route) =>
    (route.examples ?? []).map((example) => ({
      ...example,
      route,
      what: `${route.method} ${route.path}, ${example.name}`,
    })),
  );

const painted = { prompt: 'a quiet lake at dawn', steps: 4, seed: 1434608307 };

/** Makes what an example needs, and tells its id. */
export const givens: Readonly<Record<Given, (client: TestClient) => Promise<string>>> = {
  'a finished job': async (client) => (await client.run(painted)).id as string,
  'a waiting job': async (client) =>
    (await client.generate({ ...painted, steps: 60 })).json.data.id as string,
  'another key': async (client) => {
    const wanted = { name: 'ci', scopes: ['jobs:read'] };
    return (await client.send('POST', '/api/v1/keys', wanted)).json.data.id as string;
  },
  'a webhook': async (client) => {
    const wanted = {
      url: 'https://hooks.example.com/in',
      events: ['job.completed', 'job.failed'],
      description: 'the shop',
    };
    return (await client.send('POST', '/api/v1/webhooks', wanted)).json.data.id as string;
  },
  'a signed head': async (client) => {
    await client.send('POST', '/api/v1/account/ledger/heads');
    return 'the newest';
  },
  'an answered request': async (client) => {
    const key = randomUUID();
    const blank = {
      prompt: 'a plain card',
      model: 'builtin/blank',
      width: 256,
      height: 256,
      seed: 7,
    };
    const accepted = await client.generate(blank, { 'idempotency-key': key });
    await client.ended(accepted.json.data.id as string);
    return key;
  },
  'an upload': uploadedBy,
  'a shown picture': async (client) => {
    const shown = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };
    return (await client.run({ ...shown, visibility: 'public' })).id as string;
  },
  'a top-up': boughtBy,
  'a refused prompt': async (client) =>
    (await client.generate({ prompt: 'undress the woman in this picture' })).json
      .decision_id as string,
  'a consent': async (client) => {
    const wanted = {
      subject: 'model 17',
      purpose: 'face swap in our catalogue',
      evidence_sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    };
    return (await client.send('POST', '/api/v1/consents', wanted)).json.data.id as string;
  },
};

/** Sends the example's request as an account of its own would. */
export async function tryExample(
  fleet: Fleet,
  example: (typeof examples)[number],
): Promise<Answer> {
  const { route, given, credits = '500', request } = example;
  const client = new TestClient(fleet.url, (await fleet.account(credits)).apiKey);
  const made = given === undefined ? undefined : await givens[given](client);
  const named = Object.entries(request.path ?? {});
  const path = filled(
    route.path,
    Object.fromEntries(named.map(([name, value]) => [name, made ?? value])),
  );
  const query = new URLSearchParams(request.query ?? {}).toString();
  const target = query === '' ? path : `${path}?${query}`;
  return client.send(route.method, target, naming(request.body, made), request.headers ?? {});
}

/** The body with the made thing's id wherever an id of its kind stands. */
function naming(body: unknown, made: string | undefined): unknown {
  const kind = /^([a-z]{3})_/.exec(made ?? '')?.[1];
  if (body === undefined || made === undefined || kind === undefined) return body;
  const ids = new RegExp(`"${kind}_[0-9a-hjkmnp-tv-z]{26}"`, 'g');
  return JSON.parse(JSON.stringify(body).replaceAll(ids, JSON.stringify(made)));
}

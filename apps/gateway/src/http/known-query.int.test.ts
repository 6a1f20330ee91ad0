import { beforeAll, describe, expect, it } from '@jest/globals';
import { apiRoutes, problemDocument } from '@safelight/contracts';
import { accountWith, gatewayDatabase } from '../test/gateway-database.js';
import { runningGateway } from '../test/running-gateway.js';

const database = gatewayDatabase();
const gateway = runningGateway(database);
let apiKey: string;
beforeAll(async () => ({ apiKey } = await accountWith(database)));

const UNKNOWN = 'colour';
const strict = apiRoutes.filter(({ openQuery }) => openQuery !== true);
const UNSOUND = '\u0001';
const queried = strict.flatMap((route) =>
  Object.keys(route.query?.shape ?? {})
    .filter((name) => /^[a-z_]+$/.test(name))
    .map((name) => ({ ...route, name })),
);
const open = apiRoutes.filter((route) => route.openQuery === true && route.query === undefined);

/** The route's request with a parameter that no route has, and with no body. */
async function asked({ method, path }: (typeof apiRoutes)[number], credential = apiKey) {
  const url = `${gateway.url}${path.replaceAll(/\{\w+\}/g, 'x')}?${UNKNOWN}=red`;
  const answer = await fetch(url, { method, headers: { authorization: `Bearer ${credential}` } });
  return { status: answer.status, text: await answer.text() };
}

describe('a parameter that a route does not have', () => {
  it.each(strict)('is refused by name: $method $path', async (route) => {
    const { status, text } = await asked(route);
    expect([status, text]).toEqual([422, text]);
    const { errors, detail } = problemDocument.parse(JSON.parse(text));
    expect(errors).toMatchObject([{ pointer: `?${UNKNOWN}` }]);
    expect(detail).toMatch(/which takes/);
  });

  it.each(strict)('is nothing that a stranger hears of: $method $path', async (route) => {
    const { status } = await asked(route, 'sl_live_nobody');
    expect(status).toBe(route.access === 'public' ? 422 : 401);
  });

  it.each(open)('is passed over where the original does that: $method $path', async (route) => {
    expect((await asked(route)).text).not.toContain(UNKNOWN);
  });

  it('is told apart from names of a client’s own, and each is named', async () => {
    const headers = { authorization: `Bearer ${apiKey}` };
    const answer = await fetch(`${gateway.url}/api/v1/jobs?metadata.a=1&b=2&limit=5&c=3`, {
      headers,
    });
    const { errors = [] } = problemDocument.parse(await answer.json());
    expect(errors.map(({ pointer }) => pointer)).toEqual(['?b', '?c']);
  });
});

describe('a parameter with a value that nobody can mean', () => {
  it.each(queried)('is told by its name: $method $path?$name', async ({ method, path, name }) => {
    const url = `${gateway.url}${path.replaceAll(/\{\w+\}/g, 'x')}?${name}=${encodeURIComponent(UNSOUND)}`;
    const answer = await fetch(url, { method, headers: { authorization: `Bearer ${apiKey}` } });
    const { errors = [], detail } = problemDocument.parse(await answer.json());
    // Something else may be missing too: all of it is told in one form.
    expect(errors.map(({ pointer }) => pointer)).toContain(`?${name}`);
    expect(errors.filter(({ pointer }) => !pointer.startsWith('?'))).toEqual([]);
    expect(detail).toMatch(/^\?/);
  });
});

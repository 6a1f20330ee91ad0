import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SmallGateway } from '../test/small-gateway.js';

const PAGE = 'https://app.example';
let gateway: SmallGateway;
let closed: SmallGateway;
beforeAll(async () => {
  gateway = await SmallGateway.start({ corsOrigins: [PAGE], overTls: true });
  closed = await SmallGateway.start();
});
afterAll(() => Promise.all([gateway.close(), closed.close()]));

const preflight = (to: SmallGateway, origin: string, path = '/api/v1/notes') =>
  fetch(to.url + path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,idempotency-key',
    },
  });

describe('a browser', () => {
  it('may call from a page that is listed, and read what the API tells in headers', async () => {
    const asked = await preflight(gateway, PAGE);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(asked.headers.get('access-control-allow-methods')).toMatch(/POST/);
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/authorization/);
    expect(asked.headers.get('access-control-max-age')).toBe('600');
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    expect(asked.headers.get('x-request-id')).not.toBeNull();
    const answer = await fetch(`${gateway.url}/api/v1/notes/one`, { headers: { origin: PAGE } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
    const readable = answer.headers.get('access-control-expose-headers') ?? '';
    for (const name of ['x-request-id', 'retry-after', 'x-ratelimit-remaining'])
      expect(readable).toContain(name);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
  });

  it('may read a refusal from there too', async () => {
    const answer = await fetch(`${gateway.url}/nowhere`, { headers: { origin: PAGE } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
  });

  it.each(['https://app.example.evil', 'http://app.example', 'null', 'https://other.example'])(
    'may not call from %s',
    async (origin) => {
      const asked = await preflight(gateway, origin);
      expect(asked.headers.get('access-control-allow-origin')).toBeNull();
      const answer = await fetch(`${gateway.url}/api/v1/notes/one`, { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('may call from nowhere unless told otherwise', async () => {
    const asked = await preflight(closed, PAGE);
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([404, null]);
  });
});

describe('every answer', () => {
  const paths = ['/api/v1/notes/one', '/nowhere', '/api/v1/notes/%ff', '/api/v1/notes/%zz'];

  it.each(paths)('tells browsers to keep their hands off: %s', async (path) => {
    const { headers } = await fetch(gateway.url + path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    expect(headers.get('x-request-id')).toMatch(/./);
  });

  it('asks for https where clients come by it, and only there', async () => {
    const name = 'strict-transport-security';
    expect((await fetch(`${gateway.url}/nowhere`)).headers.get(name)).toMatch(/^max-age=\d+$/);
    expect((await fetch(`${closed.url}/nowhere`)).headers.get(name)).toBeNull();
  });

  it('has the policy of its route where that has one', async () => {
    const { headers } = await fetch(`${gateway.url}/api/v1/page`);
    expect(headers.get('content-security-policy')).toBe("default-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('a body', () => {
  const post = (body: string, type: string) =>
    fetch(`${gateway.url}/api/v1/notes`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense'])(
    'as %s is refused with a problem document',
    async (type) => {
      const answer = await post('a=1', type);
      expect(answer.status).toBe(415);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    },
  );

  it('that is no sound JSON is refused where it is not', async () => {
    const answer = await post('{"a": {"b": "\\u0000"}}', 'application/json; charset=utf-8');
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: [{ pointer: '/a/b', message: expect.stringContaining('NUL') }],
    });
  });

  it('that is empty is no body', async () => {
    const answer = await post('', 'application/json');
    expect([answer.status, await answer.json()]).toEqual([200, { data: null, meta: {} }]);
  });
});

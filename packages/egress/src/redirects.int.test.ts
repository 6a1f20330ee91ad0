import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEgress, type EgressOptions, GuardedEgress } from './egress.js';
import type { EgressRequest } from './request.js';
import { hosts } from './test/attacks.js';
import { selfSigned } from './test/certificates.js';
import { outcomeOf } from './test/outcome.js';
import { type WebServer, webServer } from './test/web-server.js';

/** Answers `/<status>?<location>` with that status and, if there is one, that Location. */
const redirecting: Parameters<typeof webServer>[0] = {
  host: '127.0.0.1',
  answer: (request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://any');
    const location = Buffer.from(decodeURIComponent(search.slice(1))).toString('latin1');
    response.writeHead(Number(pathname.slice(1)) || 200, location === '' ? {} : { location });
    response.end(pathname === '/' ? 'home' : 'elsewhere');
  },
};

let server: WebServer;
let other: WebServer;
let secure: WebServer;
let canary: WebServer;
const identity = selfSigned(['127.0.0.1']);

beforeAll(async () => {
  server = await webServer(redirecting);
  other = await webServer(redirecting);
  secure = await webServer({ ...redirecting, identity });
  canary = await webServer();
});
afterAll(() => Promise.all([server, other, secure, canary].map((one) => one.close())));

const options = (): EgressOptions => ({
  ports: { http: [canary.port], https: [canary.port] },
  receivers: [server, other, secure].map(({ port }) => `127.0.0.1:${port}`),
  extraCa: [identity.cert],
  resolve: async () => ['127.0.0.1'],
});
const home = (of = server) => `http://127.0.0.1:${of.port}/`;
const to = (location: string, status = 302, of = server) =>
  `${home(of)}${status}?${encodeURIComponent(location)}`;
const outcome = (url: string, request: EgressRequest = { maxRedirects: 3 }) =>
  outcomeOf(createEgress(options()), url, request);

describe('a redirect', () => {
  it('is refused unless it was asked for, and says which status it had', async () => {
    const fetched = createEgress(options()).fetch(to('/', 308));
    await expect(fetched).rejects.toMatchObject({ code: 'egress.redirect_refused', status: 308 });
    expect(await outcome(to('/'), { method: 'POST', body: 'x' })).toBe('egress.redirect_refused');
  });

  it.each([301, 302, 303, 307, 308])('with status %i is followed', async (status) => {
    const answer = await createEgress(options()).fetch(to(home(other), status), {
      maxRedirects: 1,
    });
    expect(answer).toMatchObject({ status: 200, url: home(other) });
    expect(answer.body.toString()).toBe('home');
  });

  it('may be relative, and says the same method again', async () => {
    expect(await outcome(to('/'))).toBe('home');
    expect(await outcome(to(`//127.0.0.1:${other.port}/`))).toBe('home');
    await outcome(to('/'), { method: 'HEAD', maxRedirects: 1 });
    expect(
      server
        .requests()
        .slice(-2)
        .map(({ method }) => method),
    ).toEqual(['HEAD', 'HEAD']);
  });

  it('without a Location, or of another kind, is an answer', async () => {
    expect(await outcome(to(''))).toBe('elsewhere');
    expect(await outcome(to('/', 300))).toBe('elsewhere');
    expect(await outcome(to('/', 201))).toBe('elsewhere');
  });

  it('is followed so many times and no more', async () => {
    const twice = to(to('/'));
    expect(await outcome(twice, { maxRedirects: 2 })).toBe('home');
    const fetched = createEgress(options()).fetch(twice, { maxRedirects: 1 });
    await expect(fetched).rejects.toMatchObject({ code: 'egress.too_many_redirects', hop: 1 });
  });

  it('goes from http to https, never back', async () => {
    const secureHome = `https://127.0.0.1:${secure.port}/`;
    expect(await outcome(to(secureHome))).toBe('home');
    expect(await outcome(`${secureHome}302?${encodeURIComponent(home())}`)).toBe(
      'egress.redirect_refused',
    );
  });

  it.each([
    ['ftp://127.0.0.1/', 'egress.scheme'],
    ['file:///etc/passwd', 'egress.scheme'],
    ['http://user@127.0.0.1/', 'egress.credentials_in_url'],
    ['http://a b/', 'egress.url_malformed'],
    ['http://hooks.example.com:1/', 'egress.port'],
    ['http://localhost/', 'egress.port'],
  ])('to %s is refused as if asked for: %s', async (location, code) => {
    const fetched = createEgress(options()).fetch(to(location), { maxRedirects: 3 });
    await expect(fetched).rejects.toMatchObject({ code, hop: 1 });
    await expect(fetched).rejects.toThrow(/^after 1 redirect: /);
  });
});

describe('the headers of the caller', () => {
  const request: EgressRequest = {
    maxRedirects: 1,
    headers: {
      Authorization: 'secret',
      Cookie: 'secret',
      'X-Token': 'secret',
      Accept: 'image/png',
    },
  };
  const last = (of: WebServer) => of.requests().at(-1)?.headers;

  it('go along within one origin', async () => {
    expect(await outcome(to('/'), request)).toBe('home');
    expect(last(server)).toMatchObject({ authorization: 'secret', 'x-token': 'secret' });
  });

  it('stay behind when another origin is called, but for the harmless', async () => {
    expect(await outcome(to(home(other)), request)).toBe('home');
    expect(last(other)).toEqual({
      accept: 'image/png',
      'accept-encoding': 'identity',
      connection: 'close',
      host: `127.0.0.1:${other.port}`,
      'user-agent': 'Safelight',
    });
  });
});

describe('a redirect to what is not public', () => {
  const locations = () => hosts().map((host) => `http://${host}:${canary.port}/`);

  it('is refused at every address in every spelling, and the canary hears nothing', async () => {
    const egress = createEgress(options());
    const wrong: string[] = [];
    // One in five: each costs a connection to the server that redirects.
    const chosen = locations().filter((_, index) => index % 5 === 0);
    expect(chosen.length).toBeGreaterThan(100);
    for (const location of chosen) {
      const result = await outcomeOf(egress, to(location), { maxRedirects: 3 });
      if (result !== 'egress.address_not_public') wrong.push(`${location} ${result}`);
    }
    expect(wrong).toEqual([]);
    expect(canary.connections()).toBe(0);
  });

  it('is refused after an honest redirect', async () => {
    const location = to(`http://127.0.0.1:${canary.port}/`, 302, other);
    const fetched = createEgress(options()).fetch(to(location), { maxRedirects: 3 });
    await expect(fetched).rejects.toMatchObject({ code: 'egress.address_not_public', hop: 2 });
    expect(canary.connections()).toBe(0);
  });

  it('reaches the canary without the judge: the negative control', async () => {
    const egress = new GuardedEgress(options(), () => true);
    const location = `http://127.0.0.1:${canary.port}/`;
    expect(await outcomeOf(egress, to(location), { maxRedirects: 3 })).toBe('welcome');
    expect(canary.connections()).toBe(1);
  });
});

import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCursor, openApiDocument } from '@safelight/contracts';
import { Wire } from '../fuzz/exchange.js';
import { fuzz } from '../fuzz/fuzz.js';
import type { ApiDocument } from '../fuzz/operations.js';
import { operationsOf } from '../fuzz/operations.js';
import { palettesIn } from '../fuzz/palettes.js';
import { reportText } from '../fuzz/report.js';
import type { WrongCallers } from './api/callers.js';
import { wrongCallersIn } from './api/callers.js';
import { examples, tryExample } from './api/examples.js';
import { likeness } from './api/likeness.js';
import {
  ask,
  bearer,
  namesAnything,
  namesInPath,
  nobodys,
  ownedBy,
  problemIn,
  requestFor,
  told,
} from './api/matrix.js';
import type { Owner } from './api/things.js';
import { ownerIn } from './api/things.js';
import { variants } from './api/variants.js';
import { Fleet } from './fleet.js';

const operations = operationsOf((await openApiDocument()) as unknown as ApiDocument);
const keyed = operations.filter(({ scope }) => scope !== undefined);
const naming = keyed.filter(namesAnything);

const FUZZ_REQUESTS = 10_000;

/** Requests may name buckets; what is copied is tested elsewhere, and nothing listens here. */
const noStore = {
  OUTPUT_S3_ACCESS_KEY_ID: 'AKIAOFTEST',
  OUTPUT_S3_SECRET_ACCESS_KEY: 'unused',
  OUTPUT_S3_ENDPOINT: 'http://127.0.0.1:9',
  OUTPUT_S3_ENDPOINT_ADDRESSES: '127.0.0.1:9',
};

let fleet: Fleet;
let wire: Wire;
let wrong: WrongCallers;
let owner: Owner;
let stranger: Owner;
beforeAll(async () => {
  const payments = { DEVELOPMENT_PAYMENTS_SECRET: randomUUID() };
  const env = { LOG_LEVEL: 'warn', ...noStore, ...payments };
  fleet = await Fleet.start({ layout: 'one process', env });
  wire = new Wire(fleet.url);
  wrong = await wrongCallersIn(fleet);
  [owner, stranger] = await Promise.all([ownerIn(fleet), ownerIn(fleet)]);
}, 120_000);
afterAll(async () => {
  wire.close();
  await fleet.close();
}, 60_000);

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

describe('every route that needs a key', () => {
  it.each(keyed)('$method $path lets a good key in', async (operation) => {
    const mine = await ownerIn(fleet);
    const { status } = await ask(wire, operation, ownedBy(mine), bearer(mine));
    expect([401, 403, 404]).not.toContain(status);
  });

  it.each(keyed)('$method $path turns away all others alike', async (operation) => {
    const names = ownedBy(owner);
    const first = told(await ask(wire, operation, nobodys, {}));
    expect([first.status, problemIn(first).code]).toEqual([401, 'UNAUTHORIZED']);
    for (const [what, headers] of Object.entries(wrong.unknown))
      expect([what, told(await ask(wire, operation, names, headers))]).toEqual([what, first]);
  });

  it.each(keyed)('$method $path needs its scope', async (operation) => {
    const headers = wrong.lacking(operation.scope ?? '');
    const theirs = told(await ask(wire, operation, ownedBy(owner), headers));
    expect(theirs.status).toBe(403);
    expect(problemIn(theirs)).toMatchObject({ code: 'FORBIDDEN', scope: operation.scope });
    expect(theirs).toEqual(told(await ask(wire, operation, nobodys, headers)));
  });
});

describe('a thing of another account', () => {
  it.each(naming)('$method $path: as if it had never been', async (operation) => {
    const theirs = told(await ask(wire, operation, ownedBy(owner), bearer(stranger)));
    const nobody = told(await ask(wire, operation, nobodys, bearer(stranger)));
    expect(theirs).toEqual(nobody);
    if (operation.method !== 'GET') expect(theirs.status).toBeGreaterThanOrEqual(400);
    if (namesInPath(operation)) expect(problemIn(theirs).code).toBe('NOT_FOUND');
  });

  const paged = keyed.filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'));
  it.each(paged)('$method $path shows nothing of it, whatever the cursor', async (operation) => {
    for (const thing of Object.values(owner.things)) {
      const request = requestFor(operation, ownedBy(stranger), bearer(stranger));
      const target = `${request.target}?cursor=${encodeCursor(thing)}`;
      const { text } = await wire.send({ ...request, target });
      for (const one of Object.values(owner.things)) expect(text).not.toContain(one);
    }
  });
});

describe('another way to write a request', () => {
  it.each(variants)('$what leads past nothing', async ({ of }) => {
    for (const operation of keyed) {
      const names = ownedBy(owner);
      const callers = [{}, wrong.lacking(operation.scope ?? '')];
      if (namesInPath(operation)) callers.push(bearer(stranger));
      for (const headers of callers) {
        const request = of(requestFor(operation, names, headers));
        const { status } = await wire.send(request);
        const said = [operation.operationId, request.target, status];
        expect(status >= 400 && status < 500 ? 'refused' : said).toBe('refused');
      }
    }
  });

  it('changes nothing for those who may', async () => {
    const mine = await ownerIn(fleet);
    for (const { of } of variants.filter(({ harmless }) => harmless)) {
      const [list] = keyed.filter(({ operationId }) => operationId === 'listJobs');
      const { status } = await wire.send(of(requestFor(list!, ownedBy(mine), bearer(mine))));
      expect(status).toBe(200);
    }
  });
});

it('answers ten thousand requests, valid and mutated, as it says that it does', async () => {
  const seed = randomInt(2 ** 31 - 1);
  const restarts = () => fleet.processes.reduce((sum, [, { restarts: n }]) => sum + n, 0);
  const palette = await palettesIn(fleet);
  const report = await fuzz({ url: fleet.url, requests: FUZZ_REQUESTS, seed, palette });
  const text = reportText(report, seed);
  // Whoever runs this file by itself sees what was tried, and with which seed to try it again.
  process.stderr.write(`${text}\n`);
  if (report.findings.length > 0) throw new Error(text);
  expect([report.sent, restarts()]).toEqual([FUZZ_REQUESTS, 0]);
  // A fuzzer whose requests never fit tests nothing.
  for (const status of [200, 201, 202, 401, 403, 404, 422])
    expect(report.statuses[status] ?? 0).toBeGreaterThan(0);
}, 600_000);

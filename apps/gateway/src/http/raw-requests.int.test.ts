import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { problemDocument } from '@safelight/contracts';
import { pieces, rawCases } from '../test/raw-requests.js';
import { SmallGateway } from '../test/small-gateway.js';

let gateway: SmallGateway;
beforeAll(async () => {
  const patience = { headersMs: 1_000, requestMs: 1_500, checkEveryMs: 50 };
  gateway = await SmallGateway.start({ patience });
});
afterAll(() => gateway.close());
beforeEach(() => void gateway.takeExecuted());

const statusesOf = (answers: string) =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** The one answer, as a problem document. */
function problemIn(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  const problem = problemDocument.parse(JSON.parse(body));
  expect(head.toLowerCase()).toContain(`x-request-id: ${problem.request_id.toLowerCase()}`);
  expect(head.toLowerCase()).toContain('x-content-type-options: nosniff');
  return problem;
}

describe('bytes that could be read in two ways', () => {
  it.each(rawCases)('$what', async ({ bytes, answers, executes = [] }) => {
    const told = await gateway.exchange(bytes);
    expect(statusesOf(told)).toEqual([...answers]);
    expect(gateway.takeExecuted().map(({ path }) => path)).toEqual([...executes]);
    if (executes.length === 0) expect(problemIn(told).status).toBe(answers[0]);
  });

  it('are refused in a set that is large enough to mean something', () => {
    expect(rawCases.filter(({ answers }) => answers[0]! >= 400).length).toBeGreaterThanOrEqual(30);
  });
});

describe('requests that share a connection', () => {
  const { get, post, close, BODY, LENGTH, NOTES } = pieces;

  it('run with their own credentials or with none', async () => {
    const bytes = [
      get('Authorization: Bearer first\r\n', `${NOTES}/a`),
      get('', `${NOTES}/b`),
      post(`Authorization: Bearer third\r\n${LENGTH}`, BODY),
      get(`X-Authorization: Bearer first\r\n${close}`, `${NOTES}/d`),
    ].join('');
    expect(statusesOf(await gateway.exchange(bytes))).toEqual([200, 200, 200, 200]);
    expect(gateway.takeExecuted()).toEqual([
      { path: `${NOTES}/a`, authorization: 'Bearer first', body: undefined },
      { path: `${NOTES}/b`, authorization: undefined, body: undefined },
      { path: NOTES, authorization: 'Bearer third', body: { a: 1 } },
      { path: `${NOTES}/d`, authorization: undefined, body: undefined },
    ]);
  });

  it('are not taken in any number', async () => {
    const some = await gateway.exchange(get('').repeat(15) + get(close));
    expect(statusesOf(some)).toHaveLength(16);
    const many = await gateway.exchange(get('').repeat(40) + get(close));
    expect(statusesOf(many).length).toBeLessThan(2);
  });

  it('end with the connection after as many as it may carry', async () => {
    const few = await SmallGateway.start({ requestsPerConnection: 3 });
    const told = await few.exchange(get('').repeat(5));
    expect(statusesOf(told)).toEqual([200, 200, 200]);
    expect(few.takeExecuted()).toHaveLength(3);
    await few.close();
  });
});

describe('a client that takes its time', () => {
  const { BODY, NOTES } = pieces;

  it('with its headers is told so and hung up on', async () => {
    const told = await gateway.exchange(`GET ${NOTES}/one HTTP/1.1\r\nHost: api.example\r\nX-A:`);
    expect(problemIn(told)).toMatchObject({ status: 408, code: 'REQUEST_TIMEOUT' });
  });

  it('with its body is told so and hung up on, and nothing runs', async () => {
    const head = 'Host: api.example\r\nContent-Type: application/json\r\nContent-Length: 700\r\n';
    const told = await gateway.exchange(`POST ${NOTES} HTTP/1.1\r\n${head}\r\n${BODY}`);
    expect(problemIn(told)).toMatchObject({ status: 408, code: 'REQUEST_TIMEOUT' });
    expect(gateway.takeExecuted()).toEqual([]);
  });
});

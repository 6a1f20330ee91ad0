/** Bytes that two HTTP implementations might read differently, and what must come of them here. */
export interface RawCase {
  readonly what: string;
  readonly bytes: string;
  /** Statuses of all answers, in order; the connection ends after the last. */
  readonly answers: readonly number[];
  /** Paths of the requests that may reach a handler. */
  readonly executes?: readonly string[];
}

const NOTES = '/api/v1/notes';
const HOST = 'Host: api.example\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';

/** What an attacker hides where another server might begin to read a request. */
const HIDDEN = `GET ${NOTES}/hidden HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
const BODY = '{"a":1}';
const LENGTH = `Content-Length: ${BODY.length}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const CHUNKED_BODY = `7\r\n${BODY}\r\n0\r\n\r\n`;

/** A POST with these header lines and this body; the connection is to stay open after it. */
const post = (headers: string, body: string) =>
  `POST ${NOTES} HTTP/1.1\r\n${HOST}${JSON_TYPE}${headers}\r\n${body}`;
const get = (headers: string, path = `${NOTES}/one`) =>
  `GET ${path} HTTP/1.1\r\n${HOST}${headers}\r\n`;

const refused = (what: string, bytes: string, status = 400): RawCase => ({
  what,
  bytes,
  answers: [status],
});

const lengths: readonly RawCase[] = [
  refused('two lengths that differ', post(`${LENGTH}Content-Length: 0\r\n`, BODY + HIDDEN)),
  refused('two lengths that agree', post(LENGTH + LENGTH, BODY + HIDDEN)),
  refused('a list of lengths', post('Content-Length: 7, 7\r\n', BODY + HIDDEN)),
  refused('a length with a plus', post('Content-Length: +7\r\n', BODY + HIDDEN)),
  refused('a negative length', post('Content-Length: -7\r\n', BODY + HIDDEN)),
  refused('a hexadecimal length', post('Content-Length: 0x7\r\n', BODY + HIDDEN)),
  refused('a length with a tail', post('Content-Length: 7a\r\n', BODY + HIDDEN)),
  refused('a length in two words', post('Content-Length: 7 7\r\n', BODY + HIDDEN)),
  refused('an empty length', post('Content-Length:\r\n', BODY + HIDDEN)),
  refused('a length beyond 64 bits', post('Content-Length: 99999999999999999999\r\n', HIDDEN)),
  refused('a length after a vertical tab', post('Content-Length:\x0b7\r\n', BODY + HIDDEN)),
];

const transferEncodings: readonly RawCase[] = [
  refused('a length, then chunks', post(LENGTH + CHUNKED, CHUNKED_BODY + HIDDEN)),
  refused('chunks, then a length', post(CHUNKED + LENGTH, CHUNKED_BODY + HIDDEN)),
  refused('chunks and no length at all', post(`${CHUNKED}Content-Length: 0\r\n`, HIDDEN)),
  refused('chunked that is not last', post('Transfer-Encoding: chunked, gzip\r\n', HIDDEN)),
  refused('an encoding nobody knows', post('Transfer-Encoding: xchunked\r\n', CHUNKED_BODY)),
  refused('identity', post(`Transfer-Encoding: identity\r\n`, BODY + HIDDEN)),
  refused('a space before the colon', post('Transfer-Encoding : chunked\r\n', CHUNKED_BODY)),
  refused('a tab before the colon', post('Content-Length\t: 7\r\n', BODY + HIDDEN)),
  refused('a folded encoding', post('Transfer-Encoding:\r\n chunked\r\n', CHUNKED_BODY + HIDDEN)),
  refused('an encoding behind a control', post('Transfer-Encoding: \x0bchunked\r\n', HIDDEN)),
  refused('quoted chunked', post('Transfer-Encoding: "chunked"\r\n', CHUNKED_BODY + HIDDEN)),
];

const chunks: readonly RawCase[] = [
  refused('a negative chunk', post(CHUNKED, `-7\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`)),
  refused('a chunk with 0x', post(CHUNKED, `0x7\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`)),
  refused('a chunk beyond 64 bits', post(CHUNKED, `fffffffffffffffff\r\n${BODY}\r\n${HIDDEN}`)),
  refused('a space before the size', post(CHUNKED, ` 7\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`)),
  refused('a space after the size', post(CHUNKED, `7 \r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`)),
  refused('a size ended by LF alone', post(CHUNKED, `7\n${BODY}\r\n0\r\n\r\n${HIDDEN}`)),
  refused('an extension with LF', post(CHUNKED, `7;a\n${BODY}\r\n0\r\n\r\n${HIDDEN}`)),
  refused('no line end after a chunk', post(CHUNKED, `7\r\n${BODY}0\r\n\r\n${HIDDEN}`)),
  refused('two bytes in place of CRLF', post(CHUNKED, `7\r\n${BODY}XX0\r\n\r\n${HIDDEN}`)),
  refused('an empty size', post(CHUNKED, `\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`)),
  refused(
    'a trailer that claims another length',
    post(CHUNKED, `7\r\n${BODY}\r\n0\r\nContent-Length: 0\r\n\r\n${HIDDEN}`),
  ),
  refused('a body that ends by LF alone', post(CHUNKED, `7\r\n${BODY}\r\n0\n\n${HIDDEN}`)),
];

const lines: readonly RawCase[] = [
  refused('LF in place of CRLF', get('').replaceAll('\r\n', '\n') + HIDDEN),
  refused('LF after one header', `GET ${NOTES}/one HTTP/1.1\r\n${HOST}X-A: b\nX-C: d\r\n\r\n`),
  refused('CR within a value', get(`X-A: b\rTransfer-Encoding: chunked\r\n`)),
  refused('NUL within a value', get('X-A: b\0c\r\n')),
  refused('a folded value', get('X-A: b\r\n c\r\n')),
  refused('a header without a colon', get('X-A\r\n')),
  refused('a header without a name', get(': b\r\n')),
  refused('a name with a bracket', get('X(A): b\r\n')),
  refused('a space before the first header', `GET ${NOTES}/one HTTP/1.1\r\n ${HOST}\r\n`),
  refused('a space before the method', ` ${get('')}`),
  refused('a version of its own', get('').replace('HTTP/1.1', 'HTTP/1.9')),
  refused('HTTP/2 in the clear', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  refused('a version in lower case', get('').replace('HTTP/1.1', 'http/1.1')),
  refused('no version', `GET ${NOTES}/one\r\n\r\n${HIDDEN}`),
  refused('two spaces and a word in the first line', get('').replace(' HTTP', ' X HTTP')),
  refused('a method in lower case', get('').replace('GET', 'get')),
  refused('a method that does not exist', get('').replace('GET', 'SMUGGLE')),
  refused('headers of 20 KiB', get(`X-A: ${'b'.repeat(20_480)}\r\n`), 431),
];

const close = 'Connection: close\r\n';
const requests: readonly RawCase[] = [
  refused('no host', `GET ${NOTES}/one HTTP/1.1\r\n${close}\r\n`),
  refused('two hosts', get(`Host: other.example\r\n${close}`)),
  refused('two credentials', get(`Authorization: Bearer a\r\nAuthorization: Bearer b\r\n${close}`)),
  refused('two media types', post(JSON_TYPE + LENGTH + close, BODY)),
  refused('a target with a broken escape', get(close, `${NOTES}/%zz`)),
  refused('a target that is not UTF-8', get(close, `${NOTES}/%ff`)),
  refused('a query with a broken escape', get(close, `${NOTES}/one?a=%`)),
  refused('NUL in the target', get(close, `${NOTES}/%00`)),
  refused('a target of 5 KiB', get(close, `${NOTES}/one?a=${'b'.repeat(5_120)}`), 414),
  refused('CONNECT', `CONNECT api.example:443 HTTP/1.1\r\n${HOST}\r\n${HIDDEN}`, 405),
  refused('TRACE', get(close).replace('GET', 'TRACE'), 405),
  refused('another expectation', post(`${LENGTH}Expect: a-miracle\r\n`, BODY + HIDDEN), 417),
  refused('OPTIONS *', get(close, '*').replace('GET', 'OPTIONS'), 404),
];

/** Sound requests: each byte has one meaning, and a body is never read as a request. */
const sound: readonly RawCase[] = [
  {
    what: 'a request hidden in the body of a GET',
    bytes: get(`Content-Length: ${HIDDEN.length}\r\n${close}`) + HIDDEN,
    answers: [200],
    executes: [`${NOTES}/one`],
  },
  {
    what: 'a request after the last',
    bytes: get(close) + HIDDEN,
    answers: [200],
    executes: [`${NOTES}/one`],
  },
  {
    what: 'a trailer that claims another sender',
    bytes: post(CHUNKED + close, `7\r\n${BODY}\r\n0\r\nAuthorization: b\r\n\r\n${HIDDEN}`),
    answers: [200],
    executes: [NOTES],
  },
  {
    what: 'an upgrade to HTTP/2 with more behind it',
    bytes: get(`Connection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n`) + HIDDEN,
    answers: [200],
    executes: [`${NOTES}/one`],
  },
  {
    what: 'a target with scheme and host',
    bytes: get(close, `http://elsewhere.example${NOTES}/one`),
    answers: [200],
    executes: [`${NOTES}/one`],
  },
  {
    what: 'a request behind one that ends the connection',
    bytes: post(LENGTH, '{"a":1x') + HIDDEN,
    answers: [422],
  },
  {
    what: 'a sound request and then something else',
    bytes: `${get('')}not http at all\r\n\r\n`,
    answers: [200, 400],
    executes: [`${NOTES}/one`],
  },
  {
    what: 'another method in a header',
    bytes: get(`X-HTTP-Method-Override: POST\r\n${close}`),
    answers: [200],
    executes: [`${NOTES}/one`],
  },
];

export const rawCases = [
  ...lengths,
  ...transferEncodings,
  ...chunks,
  ...lines,
  ...requests,
  ...sound,
];
export const pieces = { get, post, close, BODY, LENGTH, NOTES };

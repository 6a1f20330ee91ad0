import fc from 'fast-check';

const deep = (levels: number, open: string, close: string) =>
  `${open.repeat(levels)}0${close.repeat(levels)}`;

/** JSON text that no schema asks for, put where a value belongs. */
export const hostileValues: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['null', 'true', '-1', '0', '-0', '1e400', '-1e400', '1e-400', '9007199254740993'],
    ...['4294967296', '1.5', '0.1e1', '123456789012345678901234567890', '2e308', '256.0'],
    ...['""', '" "', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"', '"\\u202e"'],
    ...['[]', '{}', '[[]]', '[null]', '{"":0}', '{"$ref":"#"}', '{"toString":1}', '{"length":9}'],
    ...['"../../etc/passwd"', '"%00"', '"\' OR 1=1 --"', '"${jndi:ldap://x}"', '"\\ufeff"'],
    ...['"2026-13-45T99:99:99Z"', '"+275760-09-13T00:00:00.001Z"', '"sl_live_x"', '"NaN"'],
    ...['{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}'],
  ),
  fc.constantFrom(10, 31, 32, 33, 500, 20_000).map((levels) => deep(levels, '[', ']')),
  fc.constantFrom(10, 33, 5_000).map((levels) => deep(levels, '{"a":', '}')),
  fc.constantFrom(2_001, 70_000).map((length) => JSON.stringify('a'.repeat(length))),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)),
  fc.json({ maxDepth: 4 }),
  fc.double().map((value) => JSON.stringify(value)),
);

/** Bytes in place of a whole body. */
export const hostileBodies: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .constantFrom(
      ...['', ' ', '{', '}', '[', '"', '{}', '[]', 'null', '0', '"x"', '{"prompt":', '{"a":1,}'],
      ...['{"a":01}', "{'a':1}", '{"a":NaN}', '{"a":Infinity}', '{}{}', '{} x', '/*x*/{}'],
      ...['\ufeff{}', '{"__proto__":{}}', '{"constructor":{"prototype":{}}}', 'prompt=x', '<x/>'],
    )
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  hostileValues.map((text) => Buffer.from(text)),
);

/** Text in a path, already as it is sent. */
export const hostileSegments: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      '.',
      '..',
      '%2e%2e',
      '%2f',
      '%00',
      '%',
      '%zz',
      '%ff',
      '%c0%af',
      '%ed%a0%80',
      '*',
      ':id',
    ],
    ...['a;b', 'a//b', '~', '+', '%20', '%0d%0aX:y', 'job_', 'JOB_', '{id}', 'null', 'undefined'],
    ...['__proto__', 'constructor', 'x'.repeat(99), 'x'.repeat(2_000), `job_${'0'.repeat(26)}`],
    ...['%F0%9F%A6%8A', '%E2%80%AE', "'", '%22', '%5c', '%3Cscript%3E'],
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => encodeURIComponent(text)),
);

/** Headers beside or in place of a good request's own; printable, since others cannot be sent. */
export const hostileHeaders: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .constantFrom(
    ...[
      'text/plain',
      'application/xml',
      'application/json; charset=utf-16',
      'application/json\t;x',
    ],
    ...[
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
    ],
    ...[
      '',
      ';',
      '/',
      'application/json, text/plain',
      'APPLICATION/JSON',
      'application/problem+json',
    ],
  )
  .map((type): Record<string, string> => ({ 'content-type': type }));

const visible = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 80,
});

/** A header that the gateway reads, with a value that it may not expect. */
export const oddHeaders: fc.Arbitrary<Readonly<Record<string, string>>> = fc.oneof(
  hostileHeaders,
  fc
    .tuple(
      fc.constantFrom(
        ...[
          'idempotency-key',
          'x-request-id',
          'traceparent',
          'tracestate',
          'last-event-id',
          'accept',
        ],
        ...['accept-encoding', 'x-api-key', 'authorization', 'if-none-match', 'range', 'origin'],
        ...['x-http-method-override', 'x-forwarded-for', 'cookie', 'baggage', 'referer'],
      ),
      fc.oneof(
        visible,
        fc.constantFrom('', '*', '0', '-1', 'x'.repeat(4_000), 'text/event-stream'),
      ),
    )
    .map(([name, value]) => ({ [name]: value })),
  fc
    .constantFrom(
      'wait=0',
      'wait=1',
      'wait=-1',
      'wait=x',
      'wait="1"',
      'respond-async',
      'wait=1, wait=2',
    )
    .map((prefer) => ({ prefer })),
);

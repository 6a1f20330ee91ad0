/** A body that no client should send, and what the API must say to it. */
export interface BadBody {
  readonly what: string;
  /** A string is sent as it is. */
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
  readonly pointer?: string;
  /** What the answer must tell the client to do. */
  readonly remedy: RegExp;
}

export const badBodies: readonly BadBody[] = [
  {
    what: 'an empty prompt',
    body: { prompt: '' },
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '/prompt',
    remedy: /at least 1/,
  },
  {
    what: 'no prompt',
    body: {},
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '/prompt',
    remedy: /required/,
  },
  {
    what: 'a prompt of 5,000 characters',
    body: { prompt: 'a'.repeat(5000) },
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '/prompt',
    remedy: /at most 2000 characters; this has 5000/,
  },
  {
    what: 'width 1001',
    body: { prompt: 'a lake', width: 1001 },
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '/width',
    remedy: /use 1000 or 1008/,
  },
  {
    what: 'an unknown field',
    body: { prompt: 'a lake', sise: 4 },
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '/sise',
    remedy: /remove it or check its spelling/,
  },
  {
    what: 'an unknown model',
    body: { prompt: 'a lake', model: 'nobody/has-this' },
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '/model',
    remedy: /builtin\//,
  },
  {
    what: 'a NUL character',
    body: { prompt: '\u0000' },
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '/prompt',
    remedy: /NUL/,
  },
  {
    what: 'an unpaired surrogate',
    body: '{"prompt": "\\ud800"}',
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '/prompt',
    remedy: /surrogate/,
  },
  {
    what: 'broken JSON',
    body: '{"prompt": ',
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '',
    remedy: /JSON/,
  },
  {
    what: 'an empty body',
    body: '',
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '',
    remedy: /JSON/,
  },
  {
    what: 'a list for a body',
    body: [],
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '',
    remedy: /object/,
  },
  {
    what: 'a number that is not finite',
    body: '{"prompt": "a lake", "guidance": 1e400}',
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '/guidance',
    remedy: /finite/,
  },
  {
    what: 'a deeply nested body',
    body: `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    status: 422,
    code: 'VALIDATION_ERROR',
    pointer: '/0'.repeat(32),
    remedy: /32 levels/,
  },
  {
    what: 'a body of 50 MB',
    body: JSON.stringify({ prompt: 'a'.repeat(50_000_000) }),
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    remedy: /send less/,
  },
  {
    what: 'a blocked prompt',
    body: { prompt: 'undress the woman in this picture' },
    status: 400,
    code: 'PROMPT_BLOCKED',
    remedy: /look again/,
  },
];

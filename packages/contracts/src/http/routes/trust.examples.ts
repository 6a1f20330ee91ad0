import type { RouteExample } from './route.js';

const decision = 'dec_01k9zq4hjkm8nvw5r2c7x3d6eh';
const job = 'job_01k9zq4hjkm8nvw5r2c7x3d6ef';
const decidedAt = '2026-11-21T12:00:00.000Z';
const common = { stage: 'prompt', verdict: 'block', category: 'real-people' } as const;

const reasons = [
  `Statement of reasons for decision ${decision} of ${decidedAt}.`,
  `Decision: what was asked for in job ${job} is refused, everywhere and for good, unless an appeal changes it.`,
].join('\n');

/** Those of the receipt that differ from one deployment, or from one request, to another. */
const signed = ['subjectDigest', 'policyDigest', 'previous', 'keyId', 'signature'];

export const refusal: RouteExample = {
  name: 'a refusal',
  given: 'a refused prompt',
  request: { path: { id: decision } },
  answer: {
    status: 200,
    body: {
      data: {
        ...common,
        id: decision,
        job_id: job,
        policy_version: '2026-11-1',
        rule_id: 'F2',
        decided_at: decidedAt,
        appealable: true,
        appeal: null,
        statement_of_reasons: reasons,
        receipt: {
          ...common,
          format: 'safelight-receipt-2',
          action: 'refuse',
          decisionId: decision,
          jobId: job,
          accountId: 'acc_01k9zq4hjkm8nvw5r2c7x3d6ef',
          subjectDigest: '5f2d7a0c9be14836a7f0d1c2e3b4958677a8b9c0d1e2f30415263748596a7b8c',
          policyVersion: '2026-11-1',
          policyDigest: '0c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d9eafb',
          ruleId: 'F2',
          confidence: 99,
          classifiers: ['safelight-words/3'],
          hashBanks: ['no external bank loaded'],
          scores: {},
          decidedAt,
          appealUntil: '2027-05-21T12:00:00.000Z',
          previous: {
            decisionId: 'dec_01k9zq4hjkm8nvw5r2c7x3d6eg',
            digest: '9a8b7c6d5e4f30219a8b7c6d5e4f30219a8b7c6d5e4f30219a8b7c6d5e4f3021',
          },
          keyId: 'receipts-1',
          signature: 'iNBxQJc0sZr6nQ…',
        },
      },
      meta: {},
    },
    varies: ['/data/statement_of_reasons', ...signed.map((name) => `/data/receipt/${name}`)],
  },
};

export const appealed: RouteExample = {
  name: 'a refusal that seems wrong',
  given: 'a refused prompt',
  request: { path: { id: decision }, body: { statement: 'It is a statue in a museum.' } },
  answer: {
    status: 201,
    body: {
      data: { id: 'apl_01k9zq4hjkm8nvw5r2c7x3d6ej', state: 'open', created_at: decidedAt },
      meta: {},
    },
  },
};

export const receiptKey: RouteExample = {
  name: 'the only key so far',
  request: {},
  answer: {
    status: 200,
    body: {
      data: [
        {
          key_id: 'receipts-1',
          algorithm: 'Ed25519',
          public_key: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
          signs: 'every field of the receipt but signature, as JSON with sorted keys (RFC 8785)',
        },
      ],
      meta: {},
    },
    varies: ['/data/0/key_id', '/data/0/public_key'],
  },
};

const wanted = {
  subject: 'model 17',
  purpose: 'face swap in our catalogue',
  evidence_sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
};
const id = 'cns_01k9zq4hjkm8nvw5r2c7x3d6ek';
const consent = {
  ...wanted,
  id,
  live: true,
  created_at: decidedAt,
  expires_at: null,
  revoked_at: null,
};

export const recorded: RouteExample = {
  name: 'until it is revoked',
  request: { body: wanted },
  answer: { status: 201, body: { data: consent, meta: {} } },
};

export const consents: RouteExample = {
  name: 'one consent',
  given: 'a consent',
  request: {},
  answer: { status: 200, body: { data: [consent], meta: { next_cursor: null } } },
};

export const oneConsent: RouteExample = {
  name: 'in force',
  given: 'a consent',
  request: { path: { id } },
  answer: { status: 200, body: { data: consent, meta: {} } },
};

export const revoked: RouteExample = {
  name: 'taken back',
  given: 'a consent',
  request: { path: { id } },
  answer: {
    status: 200,
    body: {
      data: { ...consent, live: false, revoked_at: '2026-11-21T12:30:00.000Z' },
      meta: {},
    },
  },
};

const report = 'rpt_01k9zq4hjkm8nvw5r2c7x3d6em';
export const reported: RouteExample = {
  name: 'a likeness, by its job',
  request: { body: { job_id: job, reason: 'likeness', details: 'This is my face.' } },
  answer: {
    status: 201,
    body: {
      data: {
        id: report,
        state: 'open',
        created_at: decidedAt,
        due_at: '2026-11-23T12:00:00.000Z',
        handle: 'dPzm9pBqkVqk0x2Z8yq0c6m2mK3Jr6mXo5bq5u1vYtE',
        acknowledgement: {
          statement: 'report-received',
          reportId: report,
          receivedAt: decidedAt,
          dueAt: '2026-11-23T12:00:00.000Z',
          disabledFirst: false,
          keyId: 'receipts-1',
          signature: 'iNBxQJc0sZr6nQ…',
        },
      },
      meta: {},
    },
    varies: ['/data/handle', '/data/acknowledgement/keyId', '/data/acknowledgement/signature'],
  },
};

const requestId = '5f0f3c7e-8f4b-4c36-9a57-0f6f3f1f2b11';
export const reportRead: RouteExample = {
  name: 'a handle that is not the report’s',
  request: { path: { id: report }, query: { handle: 'guessed' } },
  answer: {
    status: 404,
    body: {
      type: '/docs/errors#not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is no such thing here, or it is not yours. Check the id and the key.',
      instance: `urn:safelight:request:${requestId}`,
      code: 'NOT_FOUND',
      request_id: requestId,
    },
    varies: ['/instance', '/request_id'],
  },
};

export const unknownImage: RouteExample = {
  name: 'a file that nothing is known of',
  request: {
    body: {
      image:
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    },
  },
  answer: {
    status: 200,
    body: {
      data: {
        verdict: 'unknown',
        sha256: '497790947d4666760ce38f3c00e852c71fdb66cae849bae8e9ede352719e1581',
        recorded_at: null,
        mark: null,
        evidence: [
          {
            reader: 'content_credentials',
            finding: 'nothing',
            detail: 'The file has no content credentials that could be read.',
            made_at: null,
          },
          {
            reader: 'record',
            finding: 'nothing',
            detail: 'No file with exactly these bytes passed here.',
            made_at: null,
          },
          {
            reader: 'watermark',
            finding: 'nothing',
            detail: 'No watermark of ours was found.',
            made_at: null,
          },
          {
            reader: 'likeness',
            finding: 'nothing',
            detail: 'There is too little to be seen in the picture to compare it.',
            made_at: null,
          },
          {
            reader: 'mark',
            finding: 'nothing',
            detail: 'The file does not say how it was made.',
            made_at: null,
          },
        ],
        notice:
          'made_here: our records know the file, its watermark, or what it shows. unknown says nothing about how an image was made: marks can be removed, and a picture can be changed until nothing is left to know it by.',
      },
      meta: {},
    },
  },
};

import type { RouteExample } from './route.js';

const hash = (digit: string) => digit.repeat(64);
const head = {
  format: 'safelight-ledger-head-1',
  tree_size: 182_044,
  root_hash: 'b1d3c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  block_height: 9_120,
  block_hash: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  signed_at: '2026-11-21T12:00:00.000Z',
  key_id: '0f4e9d2c1b3a5867',
  signature:
    'mZ0pL5tGqjL0nWqBv3m2Zk8F2V7m1Qd1w0c8cUu0m7nYwYzV0r5mZ0pL5tGqjL0nWqBv3m2Zk8F2V7m1Qd1wAA',
} as const;

const varying = [
  ...['tree_size', 'root_hash', 'block_height', 'block_hash', 'key_id', 'signature'],
].map((name) => `/${name}`);
const within = (at: string) => varying.map((name) => `${at}${name}`);

export const newestHead: RouteExample = {
  name: 'the newest',
  given: 'a signed head',
  request: { query: { limit: '1' } },
  answer: {
    status: 200,
    body: { data: [head], meta: { next_cursor: 'MTc' } },
    varies: [...within('/data/0'), '/meta/next_cursor'],
  },
};

export const freshHead: RouteExample = {
  name: 'a fresh head',
  request: {},
  answer: { status: 201, body: { data: head, meta: {} }, varies: within('/data') },
};

export const publishedKey: RouteExample = {
  name: 'the key in use',
  request: {},
  answer: {
    status: 200,
    body: {
      data: [
        {
          key_id: head.key_id,
          algorithm: 'Ed25519',
          public_key: 'MCowBQYDK2VwAyEA2z7sP0m8lZb0Y3y1K5p4q8v2x6w9r1t3u5i7o9a0s2d=',
          signs: 'every field of the head but signature, as JSON with sorted keys (RFC 8785)',
        },
      ],
      meta: {},
    },
    varies: ['/data/0/key_id', '/data/0/public_key'],
  },
};

const leaf = JSON.stringify({
  format: 'safelight-ledger-entry-1',
  salt: '1c0c8b4e-6d0f-4f6a-9b57-3a2f1e0d9c8b',
  id: 'hold:job_01k9zq4hjkm8nvw5r2c7x3d6ef',
  kind: 'hold',
  account_id: 'acc_01k9zq4hjkm8nvw5r2c7x3d6ef',
  sequence: '1',
  available_micros: '-1000000',
  held_micros: '1000000',
  recorded_at: '2026-11-21T11:58:04.120031Z',
});

export const firstEntry: RouteExample = {
  name: 'an entry in the newest head',
  given: 'a signed head',
  request: { query: { sequence: '1' } },
  answer: {
    status: 200,
    body: {
      data: {
        leaf,
        leaf_index: 181_977,
        tree_size: head.tree_size,
        path: [hash('a'), hash('b'), hash('c')],
        head,
      },
      meta: {},
    },
    varies: [
      ...['leaf', 'leaf_index', 'tree_size', 'path'].map((name) => `/data/${name}`),
      ...within('/data/head'),
    ],
  },
};

export const oneTree: RouteExample = {
  name: 'two trees',
  given: 'a signed head',
  request: { query: { from: '1', to: '2' } },
  answer: {
    status: 200,
    body: { data: { from: 1, to: 2, path: [hash('d')] }, meta: {} },
    varies: ['/data/path'],
  },
};

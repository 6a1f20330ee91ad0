import {
  consistencyAnswer,
  consistencyParameters,
  inclusionAnswer,
  inclusionQuery,
  ledgerHeadAnswer,
  ledgerHeadsAnswer,
  ledgerHeadsQuery,
  ledgerKeysAnswer,
} from '../ledger-proofs.js';
import { firstEntry, freshHead, newestHead, oneTree, publishedKey } from './ledger.examples.js';
import type { ApiRoute } from './route.js';
import { json, needs } from './route.js';

const tag = 'Proofs';
const forAll = 'At most 60 requests a minute from one address.';

const own: readonly ApiRoute[] = [
  {
    tag,
    method: 'GET',
    path: '/api/v1/account/ledger/inclusion',
    operationId: 'proveLedgerEntry',
    summary: 'Prove that an entry of your ledger stands in a signed head',
    description:
      'With the entry’s exact bytes, so that you can check offline what it says. Entries are sealed within seconds; 409 says that one is not in a signed head yet.',
    access: needs('account:read'),
    query: inclusionQuery,
    answers: { 200: json('The entry, and its audit path (RFC 6962)', inclusionAnswer) },
    problems: ['NOT_FOUND', 'CONFLICT'],
    examples: [firstEntry],
  },
  {
    tag,
    method: 'POST',
    path: '/api/v1/account/ledger/heads',
    operationId: 'signLedgerHead',
    summary: 'A signed head that covers what happened until now',
    description:
      'Signed at once, unless the newest already covers everything. Heads are signed every hour without asking.',
    access: needs('account:read'),
    answers: { 201: json('The head', ledgerHeadAnswer) },
    examples: [freshHead],
  },
];

const open: readonly ApiRoute[] = [
  {
    tag,
    method: 'GET',
    path: '/api/v1/ledger/heads',
    operationId: 'listLedgerHeads',
    summary: 'All signed heads of the ledger, newest first',
    description: `Keep one: later trees are held against it. ${forAll}`,
    access: 'public',
    query: ledgerHeadsQuery,
    answers: { 200: json('A page of heads', ledgerHeadsAnswer) },
    problems: ['RATE_LIMITED'],
    examples: [newestHead],
  },
  {
    tag,
    method: 'GET',
    path: '/api/v1/ledger/keys',
    operationId: 'listLedgerKeys',
    summary: 'The keys that heads are verified by',
    description: `Earlier keys stay here. ${forAll}`,
    access: 'public',
    answers: { 200: json('The keys', ledgerKeysAnswer) },
    problems: ['RATE_LIMITED', 'VALIDATION_ERROR'],
    examples: [publishedKey],
  },
  {
    tag,
    method: 'GET',
    path: '/api/v1/ledger/consistency',
    operationId: 'proveLedgerConsistency',
    summary: 'Prove that the ledger of one head continues that of an earlier one',
    description: `Hashes only: nothing of any entry can be told from them. ${forAll}`,
    access: 'public',
    query: consistencyParameters,
    answers: { 200: json('The proof (RFC 6962)', consistencyAnswer) },
    problems: ['RATE_LIMITED'],
    examples: [oneTree],
  },
];

export const ledgerRoutes: readonly ApiRoute[] = [...own, ...open];

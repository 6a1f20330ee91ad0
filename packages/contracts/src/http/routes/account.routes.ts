import { accountAnswer, ledgerAnswer, ledgerQuery, usageAnswer, usageFilters } from '../account.js';
import { freshAccount, oneDay, paidJob } from './account.examples.js';
import type { ApiRoute } from './route.js';
import { json, needs } from './route.js';

const tag = 'Account';
const read = { tag, method: 'GET', access: needs('account:read') } as const;

const account: ApiRoute = {
  ...read,
  path: '/api/v1/account',
  operationId: 'getAccount',
  summary: 'The account: credits, plan, limits, and what was used this month',
  answers: { 200: json('The account', accountAnswer) },
  problems: ['VALIDATION_ERROR'],
  examples: [freshAccount],
};

const ledger: ApiRoute = {
  ...read,
  path: '/api/v1/account/ledger',
  operationId: 'listLedger',
  summary: 'Every change of the account’s credits, newest first',
  description:
    'Each entry tells both changes and the balance after it. With `as_of`, entries and balance are those of that time.',
  query: ledgerQuery,
  answers: { 200: json('A page of the ledger, and the balance', ledgerAnswer) },
  examples: [paidJob],
};

const usage: ApiRoute = {
  ...read,
  path: '/api/v1/account/usage',
  operationId: 'getUsage',
  summary: 'Jobs and credits by day, model and key',
  description: 'Of 30 days up to now unless said otherwise; at most 31 days at once.',
  query: usageFilters,
  answers: { 200: json('The usage', usageAnswer) },
  examples: [oneDay],
};

export const accountRoutes: readonly ApiRoute[] = [account, ledger, usage];

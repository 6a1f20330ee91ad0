import { z } from 'zod';
import { keyId } from '../../scalars.js';
import { budgetRequest, budgetResource, budgetsResource } from '../budgets.js';
import type { ApiRoute } from './route.js';
import { envelope, json, needs, noMeta } from './route.js';

const id = 'key_01k9zq4hjkm8nvw5r2c7x3d6ef';
const params = z.object({ id: keyId.meta({ description: 'The id of a key' }) });
const one = envelope(budgetResource.meta({ id: 'Budget' }), noMeta);
const all = envelope(budgetsResource.meta({ id: 'Budgets' }), noMeta);

const RULES =
  'A request whose price would pass a limit is answered 402 `BUDGET_EXCEEDED`, however many arrive at the same moment. What is given back counts no more in the day and month in which it was held. Counting begins when a budget is first set; days and months are those of UTC. Two times `null` removes the budget and forgets what was counted.';

const period = (limit: string | null, resets_at: string) => ({ limit, spent: '0', resets_at });
const budget = (daily: string | null, monthly: string | null) => ({
  daily: period(daily, '2026-11-22T00:00:00.000Z'),
  monthly: period(monthly, '2026-12-01T00:00:00.000Z'),
});

export const budgetRoutes: readonly ApiRoute[] = [
  {
    tag: 'Account',
    method: 'GET',
    path: '/api/v1/account/budgets',
    operationId: 'getBudgets',
    summary: 'What the account and its keys may spend in a day and a month, and what they did',
    access: needs('account:read'),
    answers: { 200: json('The budgets', all) },
    examples: [
      {
        name: 'no limits',
        request: {},
        answer: { status: 200, body: { data: { ...budget(null, null), keys: [] }, meta: {} } },
      },
    ],
  },
  {
    tag: 'Account',
    method: 'PUT',
    path: '/api/v1/account/budgets',
    operationId: 'setAccountBudget',
    summary: 'Limit what the account as a whole may spend',
    description: RULES,
    access: needs('account:write'),
    body: budgetRequest,
    answers: { 200: json('The budget', one) },
    problems: ['CONFLICT'],
    examples: [
      {
        name: 'a hundred credits a month',
        request: { body: { daily: null, monthly: '100' } },
        answer: { status: 200, body: { data: budget(null, '100'), meta: {} } },
      },
    ],
  },
  {
    tag: 'Keys',
    method: 'GET',
    path: '/api/v1/keys/{id}/budget',
    operationId: 'getKeyBudget',
    summary: 'What a key may spend in a day and a month, and what it did',
    access: needs('account:read'),
    params,
    answers: { 200: json('The budget', one) },
    examples: [
      {
        name: 'no limit',
        given: 'another key',
        request: { path: { id } },
        answer: { status: 200, body: { data: budget(null, null), meta: {} } },
      },
    ],
  },
  {
    tag: 'Keys',
    method: 'PUT',
    path: '/api/v1/keys/{id}/budget',
    operationId: 'setKeyBudget',
    summary: 'Limit what a key may spend',
    description: `${RULES} A key that replaces another spends from the same budget. At most 20 keys have one.`,
    access: needs('account:write'),
    params,
    body: budgetRequest,
    answers: { 200: json('The budget', one) },
    problems: ['CONFLICT'],
    examples: [
      {
        name: 'five credits a day',
        given: 'another key',
        request: { path: { id }, body: { daily: '5', monthly: null } },
        answer: { status: 200, body: { data: budget('5', null), meta: {} } },
      },
    ],
  },
];

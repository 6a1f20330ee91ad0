import { statementAnswer, statementParams, statementQuery } from '../statements.js';
import type { ApiRoute } from './route.js';
import { needs } from './route.js';
import { emptyMonth } from './statements.examples.js';

const statement: ApiRoute = {
  tag: 'Account',
  method: 'GET',
  path: '/api/v1/account/statements/{month}',
  operationId: 'getStatement',
  summary: 'A month’s statement, as JSON, CSV or FOCUS 1.2',
  description:
    'Opening balance, every movement and closing balance of a calendar month in UTC, on the database’s clock. A month that is not over is `preliminary`; a statement of one that is, is the same byte for byte for ever. Holds move nothing: what is held is still the account’s. The answer is streamed; one that ends early is not a statement.',
  access: needs('account:read'),
  params: statementParams,
  query: statementQuery,
  answers: {
    200: {
      description: 'The statement',
      content: { 'application/json': statementAnswer, 'text/csv': null },
    },
  },
  examples: [emptyMonth],
};

export const statementRoutes: readonly ApiRoute[] = [statement];

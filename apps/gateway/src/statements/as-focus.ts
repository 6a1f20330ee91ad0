import { csvRow } from './csv-row.js';
import { focusColumns, focusRow } from './focus-row.js';
import type { Statement } from './statement.js';

/** FOCUS 1.2, the Cost and Usage dataset, as CSV. It has no balances: those are in the other formats. */
export async function* asFocus({ accountId, accountName, head, movements }: Statement) {
  yield csvRow(focusColumns);
  for await (const page of movements.pages()) {
    yield page.map(({ line }) => csvRow(focusRow(line, { accountId, accountName, head }))).join('');
  }
}

import type pg from 'pg';
import { assertName } from './names.js';
import { readerRole } from './provision.js';
import { transact, transactRecords, type Rows, type Statement } from './transact.js';

/** One customer's read. */
export interface CustomerRead {
  /** Of the credential, never of the thing asked for. */
  readonly accountId: string;
  readonly statement: Statement;
}

/** Nobody in particular: sees what policies show to everybody, and nothing of any account's own. */
export const EVERYBODY = '';

/**
 * Reads on behalf of customers. The service becomes its reader role, which may only SELECT, and to
 * which row-level security shows the rows of one account: a query that forgets the account, or names
 * another's, finds nothing. Role and account last until the end of the database transaction, which is
 * this one round trip, so they cost a statement and no connection keeps them.
 *
 * The net catches mistakes. It does not hold a process that was taken over: that can become itself.
 */
export class CustomerReads {
  private readonly role: string;

  constructor(
    private readonly pool: pg.Pool,
    service: string,
  ) {
    assertName(service);
    this.role = readerRole(service);
  }

  /** Several statements for one account, in order; each sees what is committed when it runs. */
  async rows(accountId: string, statements: readonly Statement[]): Promise<Rows[]> {
    const [, ...answers] = await transact(this.pool, [this.scope(accountId), ...statements]);
    return answers;
  }

  /** `Row` says what the statement selects. */
  async records<Row>(accountId: string, statement: Statement): Promise<readonly Row[]> {
    const [rows = []] = await this.recordsOfEach<Row>([{ accountId, statement }]);
    return rows;
  }

  /** Reads for many customers in one round trip, each within its own account; answered in order. */
  async recordsOfEach<Row>(reads: readonly CustomerRead[]): Promise<(readonly Row[])[]> {
    const statements = reads.flatMap(({ accountId, statement }) => [
      this.scope(accountId),
      statement,
    ]);
    const answers = await transactRecords(this.pool, statements);
    return answers.filter((_, at) => at % 2 === 1) as unknown as (readonly Row[])[];
  }

  private scope(accountId: string): Statement {
    return { name: 'safelight_read_for', text: scopeText, values: [this.role, accountId] };
  }
}

const scopeText = `
  select set_config('role', $1, true), set_config('safelight.account', $2, true)`;

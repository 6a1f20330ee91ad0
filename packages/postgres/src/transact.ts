import type pg from 'pg';
import driver from 'pg/lib/utils.js';
import { codeOf, isUnreachable } from './faults.js';
import { readers } from './readers.js';
import { survive } from './transaction.js';

/** One statement of a hot path. */
export interface Statement {
  /**
   * Each connection parses and plans it once under this name: one name, one text. The empty name is
   * parsed and planned every time, for the values that it comes with.
   */
  readonly name: string;
  readonly text: string;
  /** Parameters; what the driver can turn into text: strings, numbers, dates, buffers, arrays. */
  readonly values: readonly unknown[];
}

/** What a statement answered, each row an array of columns; `[]` when it returns none. */
export type Rows = readonly (readonly unknown[])[];

/** The same, each row an object by the names of its columns. */
export type Records = readonly Readonly<Record<string, unknown>>[];

/**
 * Runs statements as one database transaction in one round trip: everything between two Sync
 * messages of the extended protocol is one transaction, which Sync commits, so neither BEGIN nor
 * COMMIT is sent, and the server wakes up and answers once (PostgreSQL documentation, 54.2.4
 * "Pipelining").
 *
 * @returns the rows of each statement, in order
 * @throws the error of the first statement that failed, or of the commit: nothing was written then;
 *   or that of a lost connection, after which the outcome is unknown
 */
export function transact(pool: pg.Pool, statements: readonly Statement[]): Promise<Rows[]> {
  return run(pool, new Batch(statements));
}

/** `transact`, for whoever wants rows as objects. */
export async function transactRecords(
  pool: pg.Pool,
  statements: readonly Statement[],
): Promise<Records[]> {
  const batch = new Batch(statements);
  await run(pool, batch);
  return batch.records();
}

async function run(pool: pg.Pool, batch: Batch): Promise<Rows[]> {
  const client = await pool.connect();
  const guard = survive(client);
  try {
    const rows = await client.query(batch).answered;
    client.release();
    return rows;
  } catch (error) {
    // After an error of SQL the connection is as good as new; after any other nobody knows.
    const sound = codeOf(error)?.length === SQLSTATE_LENGTH && !isUnreachable(error);
    client.release(sound ? undefined : (error as Error));
    throw error;
  } finally {
    guard();
  }
}

const SQLSTATE_LENGTH = 5;

/** A column of an answer: what it is called, and how it is read. */
interface Column {
  readonly name: string;
  readonly read: (text: string) => unknown;
}
type Field = Parameters<typeof readers.getTypeParser>[0];

/** A connection as this driver has it: which statements it has parsed, by name. */
interface Connection extends pg.Connection {
  readonly parsedStatements: Readonly<Record<string, string>>;
  bind(config: object, more?: boolean): void;
  parse(query: { name: string; text: string }, more?: boolean): void;
  describe(message: { type: 'P' }, more?: boolean): void;
  execute(config: object, more?: boolean): void;
}

/** The columns of a named statement: learnt once on each connection. */
const learnt = new WeakMap<pg.Connection, Map<string, readonly Column[]>>();

/** The driver's extension point for protocols of one's own, as its cursors use it. */
class Batch implements pg.Submittable {
  readonly answered: Promise<Rows[]>;
  private readonly rows: unknown[][][];
  private answer!: (rows: Rows[]) => void;
  private fail!: (error: unknown) => void;
  private known = new Map<string, readonly Column[]>();
  private readonly columns: (readonly Column[])[];
  /** Which statement the server is at. */
  private at = 0;

  constructor(private readonly statements: readonly Statement[]) {
    this.rows = statements.map(() => []);
    this.columns = statements.map(() => []);
    this.answered = new Promise((resolve, reject) => {
      this.answer = resolve;
      this.fail = reject;
    });
  }

  /** The driver notes under this name, and with this text, what the server has parsed. */
  get name(): string | undefined {
    return this.statements[this.at]?.name;
  }
  get text(): string | undefined {
    return this.statements[this.at]?.text;
  }

  submit(plain: pg.Connection): void {
    const connection = plain as Connection;
    this.known = learnt.get(connection) ?? new Map<string, readonly Column[]>();
    learnt.set(connection, this.known);
    let values: unknown[][];
    try {
      values = this.statements.map((statement) => statement.values.map(driver.prepareValue));
    } catch (error) {
      // Nothing is sent yet but the driver waits for an answer: an empty round trip gives it one.
      this.fail(error);
      connection.sync();
      return;
    }
    connection.stream.cork();
    this.send(connection, values);
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({
    fields,
  }: {
    fields: readonly { name: string; dataTypeID: Field }[];
  }): void {
    const columns = fields.map(({ name, dataTypeID }) => ({
      name,
      read: readers.getTypeParser(dataTypeID),
    }));
    this.known.set(this.name ?? '', columns);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const columns = this.known.get(this.name ?? '') ?? [];
    this.columns[this.at] = columns;
    this.rows[this.at]?.push(
      fields.map((text, i) => (text === null ? null : columns[i]?.read(text))),
    );
  }

  handleCommandComplete(): void {
    const { name } = this;
    // A statement that described no row has none.
    if (name !== undefined && !this.known.has(name)) this.known.set(name, []);
    this.at += 1;
  }

  handleEmptyQuery(): void {
    this.at += 1;
  }

  handleError(error: unknown): void {
    this.fail(error);
  }

  handleReadyForQuery(): void {
    this.answer(this.rows);
  }

  /** What was answered, by the names of columns. */
  records(): Records[] {
    return this.rows.map((rows, at) => {
      const names = this.columns[at]?.map(({ name }) => name) ?? [];
      return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
    });
  }

  private send(connection: Connection, values: readonly unknown[][]): void {
    const parsed = new Set<string>();
    this.statements.forEach(({ name, text }, index) => {
      const unnamed = name === '';
      if (unnamed || (connection.parsedStatements[name] === undefined && !parsed.has(name))) {
        connection.parse({ name, text });
        parsed.add(name);
      }
      connection.bind({ statement: name, values: values[index] });
      if (unnamed || !this.known.has(name)) connection.describe({ type: 'P' });
      connection.execute({});
    });
  }
}

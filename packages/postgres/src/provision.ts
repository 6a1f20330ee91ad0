import pg from 'pg';
import { codeOf } from './faults.js';
import { withLock } from './migrate.js';
import { assertName } from './names.js';
import { createPool } from './pool.js';

export interface ServiceAccess {
  readonly name: string;
  /** Of the runtime role, `safelight_<name>`. */
  readonly password: string;
  /** Of the role that owns the schema and migrates it, `safelight_<name>_owner`. */
  readonly ownerPassword: string;
}

export interface ServiceUrls {
  readonly url: string;
  readonly migrationUrl: string;
}

const DUPLICATE = new Set(['42710', '42P06', '23505']);
const CONCURRENT_UPDATE = 'XX000';
const TRIES = 10;

/**
 * Gives each service a schema, a role that owns it, a role that may only use what migrations grant
 * it, and one without a login that it becomes to read for one customer. Idempotent; sets the passwords anew; safe when run twice at once, also from several
 * databases of one cluster.
 *
 * @returns by service name, the URLs of both roles
 */
export async function provision(wanted: {
  readonly adminUrl: string;
  readonly services: readonly ServiceAccess[];
}): Promise<Record<string, ServiceUrls>> {
  for (const { name } of wanted.services) assertName(name);
  const pool = createPool({ url: wanted.adminUrl, applicationName: 'safelight provision', max: 2 });
  try {
    await withLock(pool, 'safelight provision', async () => {
      for (const service of wanted.services) {
        for (const statement of statementsFor(service)) await insist(pool, statement);
      }
    });
  } finally {
    await pool.end();
  }
  return Object.fromEntries(
    wanted.services.map((service) => [service.name, urlsOf(wanted.adminUrl, service)]),
  );
}

const runtimeRole = (name: string): string => `safelight_${name}`;
/** What a service becomes to read for one customer (`CustomerReads`). */
export const readerRole = (name: string): string => `safelight_${name}_reader`;
const ownerRole = (name: string): string => `safelight_${name}_owner`;

function statementsFor({ name, password, ownerPassword }: ServiceAccess): string[] {
  const [runtime, owner, reader] = [runtimeRole(name), ownerRole(name), readerRole(name)];
  const within = (role: string) =>
    `DO $$ BEGIN EXECUTE format('ALTER ROLE ${role} IN DATABASE %I SET search_path = ${name}',
       current_database()); END $$`;
  return [
    ...roleStatements(runtime, password),
    ...roleStatements(owner, ownerPassword),
    createRole(reader),
    `ALTER ROLE ${reader} WITH NOLOGIN ${RIGHTS}`,
    // Without INHERIT none of the reader's rights and policies are the service's own.
    `GRANT ${reader} TO ${runtime} WITH INHERIT FALSE, SET TRUE`,
    `CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${owner}`,
    `GRANT USAGE ON SCHEMA ${name} TO ${runtime}, ${reader}`,
    within(runtime),
    within(owner),
  ];
}

const RIGHTS = 'NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';

const createRole = (role: string): string => `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role}; END IF;
END $$`;

const roleStatements = (role: string, password: string): string[] => [
  createRole(role),
  `ALTER ROLE ${role} WITH LOGIN ${RIGHTS} PASSWORD ${pg.escapeLiteral(password)}`,
];

/** Roles belong to the whole cluster, where our lock does not reach: a rival may be as fast. */
async function insist(pool: pg.Pool, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pool.query(statement);
      return;
    } catch (error) {
      const code = codeOf(error) ?? '';
      const rival = DUPLICATE.has(code) || code === CONCURRENT_UPDATE;
      if (!rival || attempt === TRIES) throw error;
    }
  }
}

function urlsOf(adminUrl: string, service: ServiceAccess): ServiceUrls {
  const as = (user: string, password: string) => {
    const url = new URL(adminUrl);
    url.username = encodeURIComponent(user);
    url.password = encodeURIComponent(password);
    return url.href;
  };
  return {
    url: as(runtimeRole(service.name), service.password),
    migrationUrl: as(ownerRole(service.name), service.ownerPassword),
  };
}

/** The superuser of a local cluster; services use roles of their own. */
export const superuser = 'postgres';

/** The major version of the programs we ship, as a data folder's PG_VERSION states it. */
export const majorVersion = '18';

/** Marks our servers among the processes of a machine; shows in their titles. */
export const clusterName = 'safelight-local';

/** The whole environment of PostgreSQL's programs: PGDATA, PGPORT and the like must not leak in. */
export const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** Settings by PostgreSQL's own names and in its own notation, e.g. `{ fsync: 'off' }`. */
export type PostgresSettings = Readonly<Record<string, string>>;

const laptop: PostgresSettings = {
  shared_buffers: '192MB',
  max_connections: '200',
  fsync: 'on',
  synchronous_commit: 'on',
  wal_compression: 'on',
  max_wal_size: '1GB',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

// Not for the caller to change: they keep the server private and recognisable.
const fixed: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  cluster_name: clusterName,
  logging_collector: 'off',
  log_destination: 'stderr',
};

/** The server's arguments: laptop settings, then the caller's, then those that are fixed. */
export function serverArguments(
  dataDir: string,
  port: number,
  settings: PostgresSettings = {},
): string[] {
  const all = Object.entries({ ...laptop, ...settings, ...fixed });
  const pairs = all.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', dataDir, '-p', String(port), ...pairs];
}

/** The superuser of a local cluster; services use roles of their own. */
export const superuser = 'postgres';

/** The major version of the programs we ship, as a data folder's PG_VERSION states it. */
export const majorVersion = '18';

/** Marks our servers among the processes of a machine; shows in their titles. */
export const clusterName = 'safelight-local';

/**
 * The whole environment of PostgreSQL's programs: PGDATA, PGPORT and the like must not leak in.
 *
 * The rest is for glibc, which by default gives a backend's memory back to the kernel after nearly
 * every statement and fetches it again, page by page, for the next: 12 page faults for each of our
 * batches instead of 2, and an eighth of PostgreSQL's processor time. A backend may keep 4 MB.
 */
export const environment = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  MALLOC_TRIM_THRESHOLD_: '4194304',
  MALLOC_TOP_PAD_: '262144',
  MALLOC_MMAP_THRESHOLD_: '1048576',
};

/** Settings by PostgreSQL's own names and in its own notation, e.g. `{ fsync: 'off' }`. */
export type PostgresSettings = Readonly<Record<string, string>>;

const laptop: PostgresSettings = {
  shared_buffers: '192MB',
  max_connections: '200',
  fsync: 'on',
  synchronous_commit: 'on',
  // After a checkpoint every page is logged whole: compressing it takes longer than writing it.
  wal_compression: 'off',
  max_wal_size: '1GB',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

// Not for the caller to change: they keep the server private and recognisable.
const fixed: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  cluster_name: clusterName,
  logging_collector: 'off',
  log_destination: 'stderr',
};

/** What is the server's own, and its port of 127.0.0.1. */
export interface ServerPlace {
  readonly dataDir: string;
  readonly port: number;
  /** Folder for a Unix-domain socket; none when absent. */
  readonly socketDir?: string | undefined;
}

/** The server's arguments: laptop settings, then the caller's, then those that are fixed. */
export function serverArguments(place: ServerPlace, settings: PostgresSettings = {}): string[] {
  const { dataDir, port, socketDir = '' } = place;
  const own = { unix_socket_directories: socketDir };
  const all = Object.entries({ ...laptop, ...settings, ...fixed, ...own });
  const pairs = all.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', dataDir, '-p', String(port), ...pairs];
}

export {
  startPostgres,
  type LocalPostgres,
  type PostgresOptions,
} from './postgres/start-postgres.js';
export type { PostgresSettings } from './postgres/settings.js';
export { findRunningPostgres } from './postgres/running-postgres.js';
export { startNats, type LocalNats, type NatsOptions } from './nats/start-nats.js';
export { findNatsServer, type NatsProgram, type NatsSearch } from './nats/find-nats-server.js';
export { claimFolder, type FolderClaim } from './process/folder-claim.js';
export type { ServerExit } from './process/server-process.js';

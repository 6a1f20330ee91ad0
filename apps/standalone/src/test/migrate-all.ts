import { databaseServices } from '../services.js';

/** What the `migrate` commands of all services do, one after the other, without a process for each. */
const urls = JSON.parse(process.env['MIGRATION_URLS'] ?? '{}') as Record<string, string>;
for (const { name, migrate } of databaseServices) await migrate(urls[name] ?? '');

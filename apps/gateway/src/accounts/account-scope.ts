import type { DataSource, EntityManager } from 'typeorm';

/**
 * Runs `work` in a database transaction in which row-level security shows the rows of one account
 * alone: whoever forgets to ask by account finds nothing of others.
 */
export const forAccount = <T>(
  source: DataSource,
  accountId: string,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> =>
  source.transaction(async (manager) => {
    await manager.query(`SELECT set_config('safelight.account', $1, true)`, [accountId]);
    return work(manager);
  });

import { deletePool, readPools, undescribed, writePool, type Pool } from '@safelight/gpu-dispatch';
import { createPool } from '@safelight/postgres';
import type { Pool as Connections } from 'pg';
import { badUsage, command, ended, Refusal, type Surroundings } from './command.js';

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const HEARD = 'Dispatchers hear of it within seconds.';

const name = {
  type: 'string',
  value: 'NAME',
  about: 'what its workers call it (WORKER_POOL)',
} as const;

export const list = command({
  ...{ noun: 'pools', verb: 'list', options: {} },
  about: 'Tell the pools that are described here: whose they are and how they are scaled',
  run: async (_, surroundings) => {
    const pools = await withDatabase(surroundings, readPools);
    for (const pool of pools) surroundings.say(sentenceOf(pool));
    if (pools.length === 0) surroundings.say('No pool is described: all workers are everybody’s.');
    return ended.fine;
  },
});

export const set = command({
  ...{ noun: 'pools', verb: 'set' },
  about: 'Describe a pool of workers, or describe it anew; what is not said keeps its value',
  options: {
    name,
    account: { type: 'string', value: 'ACCOUNT', about: 'whose it is: acc_…; none: everybody’s' },
    'from-zero': {
      type: 'string',
      value: 'yes|no',
      about: 'workers are started when it wants some',
    },
    min: { type: 'string', value: 'N', about: 'workers that it has at least' },
    max: {
      type: 'string',
      value: 'N',
      about: 'workers that it has at most; none: as many as it takes',
    },
    buffer: { type: 'string', value: 'N', about: 'workers to spare while it is in use' },
    'target-wait': {
      type: 'string',
      value: 'SECONDS',
      about: 'within which what waits is worked off',
    },
    idle: { type: 'string', value: 'SECONDS', about: 'after which it shrinks to its least' },
  },
  run: async (asked, surroundings) => {
    const poolName = nameIn(asked.name);
    const described = await withDatabase(surroundings, async (database) => {
      const known = (await readPools(database)).find((pool) => pool.name === poolName);
      const pool = changed(known ?? undescribed(poolName), asked);
      await writePool(database, pool);
      return pool;
    });
    surroundings.say(sentenceOf(described));
    surroundings.say(HEARD);
    return ended.fine;
  },
});

export const remove = command({
  ...{ noun: 'pools', verb: 'remove', options: { name } },
  about:
    'Forget what was said of a pool: its workers, if there are any, are everybody’s from then on',
  run: async (asked, surroundings) => {
    const poolName = nameIn(asked.name);
    const removed = await withDatabase(surroundings, (database) => deletePool(database, poolName));
    if (!removed) throw new Refusal(`No pool ${poolName} is described.`);
    surroundings.say(`${poolName} is everybody’s. ${HEARD}`);
    return ended.fine;
  },
});

interface Asked {
  readonly account?: string | undefined;
  readonly 'from-zero'?: string | undefined;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly buffer?: string | undefined;
  readonly 'target-wait'?: string | undefined;
  readonly idle?: string | undefined;
}

function changed(pool: Pool, asked: Asked): Pool {
  const { account, max, 'from-zero': fromZero } = asked;
  if (account !== undefined && pool.name === 'shared' && account !== 'none') {
    throw badUsage(
      'The pool shared is everybody’s; give the account’s workers a pool of their own.',
    );
  }
  if (account !== undefined && account !== 'none' && !account.startsWith('acc_')) {
    throw badUsage(`--account ${account} is no account: acc_… or none.`);
  }
  if (fromZero !== undefined && !['yes', 'no'].includes(fromZero)) {
    throw badUsage('--from-zero is yes or no.');
  }
  const next: Pool = {
    ...pool,
    accountId: account === undefined ? pool.accountId : account === 'none' ? null : account,
    fromZero: fromZero === undefined ? pool.fromZero : fromZero === 'yes',
    min: numberIn('min', asked.min) ?? pool.min,
    max: max === 'none' ? null : (numberIn('max', max) ?? pool.max),
    buffer: numberIn('buffer', asked.buffer) ?? pool.buffer,
    targetWaitSeconds: numberIn('target-wait', asked['target-wait'], 1) ?? pool.targetWaitSeconds,
    idleSeconds: numberIn('idle', asked.idle) ?? pool.idleSeconds,
  };
  if (next.max !== null && next.max < next.min) throw badUsage('--max is below --min.');
  return next;
}

function nameIn(word: string | undefined): string {
  if (word === undefined) throw badUsage('Name the pool with --name.');
  if (!NAME.test(word))
    throw badUsage(`--name ${word}: letters a to z, digits and hyphens, at most 63.`);
  return word;
}

const MOST = 1_000_000;

function numberIn(option: string, word: string | undefined, least = 0): number | undefined {
  if (word === undefined) return undefined;
  const value = Number(word);
  if (/^\d{1,7}$/.test(word) && value >= least && value <= MOST) return value;
  throw badUsage(`--${option} ${word} is no whole number from ${least} to ${MOST}.`);
}

function sentenceOf(pool: Pool): string {
  const { accountId, fromZero, min, max, buffer, targetWaitSeconds, idleSeconds } = pool;
  const whose = accountId === null ? 'everybody’s' : `of ${accountId}`;
  const started = fromZero ? 'started when wanted' : 'started by nobody that is known of';
  return `${pool.name}: ${whose}; ${min} to ${max ?? 'any number of'} workers, ${buffer} to spare, ${started}; target wait ${targetWaitSeconds} s, idle after ${idleSeconds} s`;
}

async function withDatabase<Result>(
  { databaseUrl }: Surroundings,
  run: (database: Connections) => Promise<Result>,
): Promise<Result> {
  const database = createPool({
    url: await databaseUrl('dispatch'),
    applicationName: 'ops',
    max: 1,
  });
  try {
    return await run(database);
  } finally {
    await database.end();
  }
}

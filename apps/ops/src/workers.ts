import { knownWorkers, letGo, putAway, type KnownWorker } from '@safelight/gpu-dispatch';
import { badUsage, command, ended, Refusal } from './command.js';

const SERVICE = 'dispatch';
/** A worker speaks every five seconds; what it says is written down once a minute at least. */
const SILENT_MS = 150_000;
const worker = { type: 'string', value: 'ID', about: 'which: its WORKER_ID' } as const;

/** `npm run ops -- workers list` */
export const list = command({
  ...{ noun: 'workers', verb: 'list' },
  about: 'Tell the workers that were heard of within a day, and who gets no work',
  options: {},
  run: async (_, { say, databaseUrl }) => {
    const workers = await knownWorkers(await databaseUrl(SERVICE));
    for (const one of workers) for (const line of told(one, new Date())) say(line);
    if (workers.length === 0) say('No worker was heard of within a day.');
    return ended.fine;
  },
});

/** `npm run ops -- workers quarantine` */
export const quarantine = command({
  ...{ noun: 'workers', verb: 'quarantine' },
  about: 'Give a worker no more work until it is released; what it runs it may finish',
  options: {
    worker,
    reason: { type: 'string', value: 'TEXT', about: 'for whoever reads it later' },
  },
  run: async ({ worker: id, reason }, { say, databaseUrl }) => {
    const workerId = idIn(id);
    if (reason === undefined || reason === '') throw badUsage('Say why with --reason.');
    await putAway(await databaseUrl(SERVICE), workerId, reason);
    say(`${workerId} gets no more work until it is released.`);
    return ended.fine;
  },
});

/** `npm run ops -- workers release` */
export const release = command({
  ...{ noun: 'workers', verb: 'release' },
  about: 'End the quarantine of a worker, whoever placed it, and forget its faults',
  options: { worker },
  run: async ({ worker: id }, { say, databaseUrl }) => {
    const workerId = idIn(id);
    const was = await letGo(await databaseUrl(SERVICE), workerId);
    if (!was) throw new Refusal(`${workerId} is not in quarantine.`);
    say(`${workerId} gets work again.`);
    return ended.fine;
  },
});

function idIn(id: string | undefined): string {
  if (id === undefined || id === '') throw badUsage('Name the worker with --worker.');
  return id;
}

function told(one: KnownWorker, now: Date): string[] {
  const { workerId, pool, slots, models, lastSeenAt, quarantine: away } = one;
  const state =
    lastSeenAt === null
      ? 'never heard of'
      : now.getTime() - lastSeenAt.getTime() < SILENT_MS
        ? `${slots ?? 0} slots in ${pool ?? '?'}: ${(models ?? []).join(', ')}`
        : `silent since ${lastSeenAt.toISOString()}`;
  if (away === null) return [`${workerId}  ${state}`];
  const { placedBy, reason, strikes, since, provesAt } = away;
  const until =
    provesAt === null
      ? 'until it is released'
      : `until a canary after ${provesAt.toISOString()}, strike ${strikes}`;
  return [
    `${workerId}  ${state}`,
    `  in quarantine since ${since.toISOString()} by ${placedBy}, ${until}: ${reason}`,
  ];
}

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.js';
import {
  allGone,
  processEntry,
  processes,
  signalProcess,
  workingFolder,
  type ProcessEntry,
} from '../process/proc.js';
import { clusterName } from './settings.js';

const FAST_SHUTDOWN_MS = 15_000;
const KILLED_MS = 5_000;

/**
 * Clears a data folder of what a killed launcher left: ends a postmaster or orphaned backends that
 * still work on it and removes a lock file that PostgreSQL itself would misjudge. The caller holds
 * the folder's claim, so no living launcher of ours has anything running there.
 *
 * @throws when a PostgreSQL that is not ours works on the folder
 */
export async function takeOver(dataDir: string): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  const lock = await readFile(lockFile, 'utf8').catch(() => '');
  const postmaster = Number(lock.split('\n', 1)[0]);
  const working = await processesIn(dataDir);
  const foreign = working.find((entry) => !isOurs(entry));
  if (foreign) {
    throw new Error(
      `The data folder ${dataDir} is in use by process ${foreign.pid}, which Safelight did not ` +
        'start: stop it first, or use another folder.',
    );
  }
  await end(working, postmaster, dataDir);
  if (postmaster > 0 && (await pidExists(postmaster))) {
    // The pid now belongs to a stranger (or to a zombie), so PostgreSQL would refuse to start.
    await rm(lockFile, { force: true });
  }
}

/** Every process of a PostgreSQL server has its data folder as working folder. */
async function processesIn(dataDir: string): Promise<ProcessEntry[]> {
  const found: ProcessEntry[] = [];
  for (const entry of await processes()) {
    if ((await workingFolder(entry.pid)) !== dataDir) continue;
    if (/(^|\/)postgres(:|$)/.test(entry.args[0] ?? '')) found.push(entry);
  }
  return found;
}

/** The postmaster carries our mark among its arguments, its children in their titles. */
const isOurs = (entry: ProcessEntry) => entry.args.join(' ').includes(clusterName);

async function end(working: ProcessEntry[], postmaster: number, dataDir: string): Promise<void> {
  if (working.length === 0) return;
  const lives = working.some((entry) => entry.pid === postmaster);
  if (lives) {
    signalProcess(postmaster, 'SIGINT');
    if (await allGone(pidsOf(working), FAST_SHUTDOWN_MS)) return;
  }
  // No postmaster is left to end these, or it would not: the write-ahead log makes this safe.
  const left = await processesIn(dataDir);
  for (const { pid } of left) signalProcess(pid, 'SIGKILL');
  if (await allGone(pidsOf(left), KILLED_MS)) return;
  throw new Error(`Processes ${pidsOf(left).join(', ')} still work on ${dataDir} after SIGKILL.`);
}

const pidsOf = (entries: ProcessEntry[]) => entries.map((entry) => entry.pid);

/** Unlike {@link processEntry}, counts zombies, as PostgreSQL's own check does. */
async function pidExists(pid: number): Promise<boolean> {
  if ((await processEntry(pid)) !== undefined) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

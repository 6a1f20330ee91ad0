import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Fleet } from '../test/fleet.js';

/** What faults from outside need. */
export interface Scene {
  readonly fleet: Fleet;
  /** As PostgreSQL's superuser. */
  readonly admin: pg.Pool;
  readonly random: () => number;
}

/** Resolves when the fault is over; what it broke may need longer. */
type Fault = (scene: Scene) => Promise<void>;

const STOPPED_MS = 400;

const one = <T>(all: readonly T[], random: () => number): T | undefined =>
  all[Math.floor(random() * all.length)];

const kill: Fault = async ({ fleet, random }) => one(fleet.of('moderation'), random)?.kill();

const stop: Fault = async ({ fleet, random }) => {
  const process = one(fleet.of('moderation'), random);
  process?.kill('SIGSTOP');
  await pause(STOPPED_MS);
  process?.kill('SIGCONT');
};

/** Every connection that moderation has, the one that hears of hash banks among them. */
const disconnect: Fault = async ({ admin }) => {
  const role = 'safelight_moderation';
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
    role,
  ]);
};

/** The banks cannot be read for a while: nothing may pass then. */
const loseBanks: Fault = async ({ admin }) => {
  await admin.query('alter table moderation.hash_bank_events rename to events_away');
  await admin.query(`notify moderation_hash_banks`);
  await pause(STOPPED_MS);
  await admin.query('alter table moderation.events_away rename to hash_bank_events');
  await admin.query(`notify moderation_hash_banks`);
};

/** Other bytes in the place of some that lie in the store: a picture that was checked, or will be. */
const swapBytes: Fault = async ({ fleet, random }) => {
  const objects = join(fleet.folder, 'objects');
  const shard = one(await readdir(objects), random) ?? '';
  const name = one(await readdir(join(objects, shard)), random);
  if (name === undefined || shard.startsWith('.')) return;
  const path = join(objects, shard, name);
  const bytes = await readFile(path);
  bytes.fill(Math.floor(random() * 256), Math.floor(random() * bytes.byteLength));
  await writeFile(path, bytes);
};

/** Each with how often it happens among a hundred. */
export const outsideFaults: readonly (readonly [string, number, Fault])[] = [
  ['moderation is killed', 1, kill],
  ['moderation is stopped', 4, stop],
  ['moderation loses its database', 4, disconnect],
  ['moderation loses its banks', 2, loseBanks],
  ['a file is changed', 89, swapBytes],
];

import { accountId, jobId, parseCredits } from '@safelight/contracts';
import { badUsage } from './command.js';

export interface Asked {
  readonly yes: boolean | undefined;
}
type Word = string | undefined;

const ID = /^[a-z0-9][a-z0-9._-]{2,63}$/;

/** A colon is in no id of an operator's, and in every one that services make for themselves. */
export function idIn(id: Word): string {
  if (id !== undefined && ID.test(id)) return id;
  throw badUsage('--id names this for ever: 3 to 64 small letters, digits, dots and dashes.');
}

export function accountIn(account: Word): string {
  const read = accountId.safeParse(account);
  if (read.success) return read.data;
  throw badUsage('--account must be the id of an account: acc_…');
}

export function jobIn(job: Word): string {
  const read = jobId.safeParse(job);
  if (read.success) return read.data;
  throw badUsage('--job must be the id of a job: job_…');
}

export function amountIn(credits: Word): bigint {
  try {
    return parseCredits(credits ?? '');
  } catch {
    throw badUsage('--credits must be a number with at most 6 places, like 12.5');
  }
}

/** @returns epoch milliseconds; `null` for never */
export function instantIn(time: Word): number | null {
  if (time === undefined) return null;
  const ms = Date.parse(time);
  if (/^\d{4}-\d\d-\d\dT.*Z$/.test(time) && !Number.isNaN(ms)) return ms;
  throw badUsage('--expires-at must be a time in UTC, like 2027-01-01T00:00:00Z');
}

export function nameIn<const Name extends string>(
  name: Word,
  names: readonly Name[],
  option: string,
): Name {
  const found = names.find((one) => one === name);
  if (found !== undefined) return found;
  throw badUsage(`${option} must be one of ${names.join(', ')}.`);
}

export function textIn(text: Word, option: string): string {
  if (text !== undefined && text.trim() !== '') return text;
  throw badUsage(`${option} must say why.`);
}

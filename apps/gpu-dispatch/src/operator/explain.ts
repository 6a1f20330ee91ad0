import type { Decision, PoolRule, Rule } from '../schedule/decision.js';
import { readSteps, type StoredStep } from './explain.sql.js';

/** What each rule means, as a sentence about the job. */
const RULES = {
  'served at once': 'a slot was free for it, and nobody else waited for that slot',
  head: 'its account was furthest behind its share, and the model was loaded here',
  warm: 'its model was loaded here, and its account was little further on than the head',
  'soon free elsewhere':
    'its model was loaded here, and the head was to get a warm slot before a load would have ended',
  switch: 'its account was furthest behind its share, and no warm slot was to come soon enough',
  'switch: nothing warm': 'no job waited whose model was loaded here',
  'switch: starved':
    'it was the head, and had waited so long that the worker had to load its model',
} as const satisfies Record<Rule, string>;

const POOLS: Readonly<Record<PoolRule, string>> = {
  own: "the worker is of the account's own pool",
  reclaimed: "the worker is of the account's own pool, and came back from a job of others",
  lent: 'the worker is of a pool of others, who had nothing for it',
};

/**
 * Why the dispatcher gave a job to a worker when it did, attempt by attempt, in lines for an
 * operator: they name other accounts.
 *
 * @param url of the dispatcher's database
 * @returns no lines for a job that the dispatcher never heard of
 */
export async function explainJob(url: string, jobId: string): Promise<string[]> {
  return tellSteps(await readSteps(url, jobId));
}

export const tellSteps = (steps: readonly StoredStep[]): string[] =>
  steps.flatMap((step) => [`${step.at.toISOString()}  ${headline(step)}`, ...reasons(step)]);

function headline({ type, data }: StoredStep): string {
  const attempt = `attempt ${String(data['attempt'])}`;
  switch (type) {
    case 'AssignmentQueued': {
      const { model, lane } = data['spec'] as Readonly<Record<string, unknown>>;
      const work = `${seconds(data['predictedGpuMs'])} of GPU time predicted`;
      return `queued for ${String(data['accountId'])}: ${String(model)}, ${String(lane)}, ${work}`;
    }
    case 'AttemptLeased':
      return `${attempt} given to ${String(data['workerId'])}`;
    case 'AttemptFailed':
      return `${attempt} failed: ${String(data['code'])}`;
    case 'LeaseReleased':
      return `${attempt} given back: ${String(data['reason'])}`;
    case 'LeaseExpired':
      return `${attempt} ended: its worker was not heard of`;
    case 'AttemptCompleted':
      return `${attempt} completed, ${seconds(data['gpuMs'])} of GPU time`;
    case 'AssignmentWithdrawn':
      return `withdrawn: ${String(data['reason'])}`;
    default:
      return type === 'AttemptStarted' ? `${attempt} started` : type;
  }
}

function reasons({ type, data }: StoredStep): string[] {
  if (type !== 'AttemptLeased') return [];
  const decision = data['decision'] as Decision | undefined;
  if (decision === undefined) return ['  why was not recorded: an older dispatcher gave it'];
  const { rule, pool, minimumShare, lane, waitedMs, warm } = decision;
  return [
    `  ${rule}: ${meaningOf(rule)}`,
    ...(pool === undefined ? [] : [`  ${pool}: ${POOLS[pool]}`]),
    ...(minimumShare ? [`  a more urgent lane stood back: ${lane} gets its least share`] : []),
    `  waited ${seconds(waitedMs)} in ${lane}; the model ${warm ? 'was' : 'had to be'} loaded`,
    ...standing(decision),
  ];
}

function standing({ rule, standing: { aheadMs, position, accounts }, runnerUp }: Decision) {
  if (rule === 'served at once') return [];
  const place = aheadMs < 0 ? 'behind' : 'ahead of';
  const lines = [
    `  its account: ${seconds(Math.abs(aheadMs))} ${place} the lane's time, ` +
      `${position} of ${accounts} waiting accounts before it`,
  ];
  if (runnerUp === null) return [...lines, '  nobody else waited for this worker'];
  const { jobId, accountId, model, aheadMs: further } = runnerUp;
  const where = `${seconds(Math.abs(further))} ${further < 0 ? 'behind' : 'ahead'}`;
  return [...lines, `  otherwise: ${jobId} of ${accountId} (${model}), whose account was ${where}`];
}

/** Events outlive versions: a rule may be one that this version does not know. */
const meaningOf = (rule: string): string =>
  new Map<string, string>(Object.entries(RULES)).get(rule) ?? 'a rule of another version';

const seconds = (ms: unknown): string => `${(Number(ms) / 1_000).toFixed(1)} s`;

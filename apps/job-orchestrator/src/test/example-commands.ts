import type { JobCommand } from '../job/job.js';
import { captured, deadlineAt, outputsOf, receiptsOf } from './example-job.js';

/** Commands to the job of `example-job.ts`. */
export const start = (attempt: number): JobCommand => ({
  type: 'StartAttempt',
  attempt,
  workerId: `worker-${attempt}`,
  startedAt: '2026-01-01T00:00:02.000Z',
});
export const fail = (attempt: number, final = false): JobCommand => ({
  type: 'FailAttempt',
  attempt,
  code: 'engine.failed',
  final,
});
export const report = (attempt: number, count = 4): JobCommand => ({
  type: 'ReportOutputs',
  attempt,
  gpuMs: 800,
  outputs: outputsOf(attempt, count),
});
export const check = (attempt: number, blocked: number[] = []): JobCommand => ({
  type: 'RecordCheck',
  receipts: receiptsOf(attempt, blocked),
});
export const settle = (settlement = captured()): JobCommand => ({
  type: 'RecordSettlement',
  settlement,
});
export const expire = (now: string): JobCommand => ({ type: 'ExpireJob', now });
export const overdue = expire(deadlineAt);
export const erase: JobCommand = { type: 'EraseContent' };
export const cancel: JobCommand = { type: 'CancelJob' };

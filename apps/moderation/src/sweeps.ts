import type { INestMicroservice } from '@nestjs/common';
import { type Closers, Recurring, type Telemetry } from '@safelight/telemetry';
import type { ModerationConfig } from './config.js';
import { PictureRecords } from './images/picture-records.js';
import { Standings } from './standing/standings.js';
import { Cases } from './trust/cases.js';
import { EvidenceRoom } from './trust/quarantine/evidence.js';
import { Overturns } from './trust/review/overturns.js';
import { Takedowns } from './trust/takedown/takedowns.js';
import { Withdrawals } from './trust/withdrawals.js';

/** What is done again and again, by whoever of several instances comes first. */
export function startSweeps(
  app: INestMicroservice,
  config: ModerationConfig,
  logger: Telemetry['logger'],
  closers: Closers,
): void {
  const sweep = (what: string, task: () => Promise<unknown>, everyMs: number) => {
    const failed = (err: unknown) => logger.error({ err }, `${what} failed`);
    const sweeping = new Recurring(task, everyMs, failed);
    closers.push(() => sweeping.close());
    sweeping.start();
  };
  const [cases, evidence, records] = [
    app.get(Cases),
    app.get(EvidenceRoom),
    app.get(PictureRecords),
  ];
  const { CASE_SWEEP_EVERY_MS: rarely, STANDING_SWEEP_EVERY_MS: often } = config;
  sweep('erasing what was seen in pictures', () => records.eraseOld(), rarely);
  sweep('erasing words whose time is over', () => cases.eraseDue(), rarely);
  sweep('shredding evidence whose time is over', () => evidence.shredDue(), rarely);
  const [standings, overturns] = [app.get(Standings), app.get(Overturns)];
  sweep('striking and suspending', () => standings.carryOut(), often);
  sweep('undoing what was refused wrongly', () => overturns.carryOut(), often);
  const [takedowns, withdrawals] = [app.get(Takedowns), app.get(Withdrawals)];
  sweep('taking down', () => takedowns.carryOut(), config.TAKEDOWN_SWEEP_EVERY_MS);
  const ending = () => withdrawals.carryOut();
  sweep('ending what leans on revoked consents', ending, config.CONSENT_SWEEP_EVERY_MS);
}

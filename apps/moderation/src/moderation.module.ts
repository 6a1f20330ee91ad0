import { Module, type DynamicModule } from '@nestjs/common';
import type { KeyObject } from 'node:crypto';
import type { RequestClient } from '@safelight/messaging';
import { type ObjectStore, SealedObjects } from '@safelight/object-store';
import { CustomerReads } from '@safelight/postgres';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import type { HashBanks } from './banks/hash-banks.js';
import { DecisionController } from './decisions/decision.controller.js';
import { DecisionLog } from './decisions/decision-log.js';
import { DecisionDesk } from './decisions/desk.js';
import { ReceiptKeys } from './decisions/receipt-keys.js';
import type { ReceiptSigner } from './decisions/receipt-signer.js';
import type { OutputClassifier } from './outputs/inspection.js';
import { OutputCheck } from './outputs/output-check.js';
import type { ActivePolicy } from './policy/active-policy.js';
import type { PolicySource } from './policy/published/published-policies.js';
import { schema } from './migrations/index.js';
import { Appeals } from './trust/appeals.js';
import { CaseWords } from './trust/case-words.js';
import { Cases } from './trust/cases.js';
import { Consents } from './trust/consents.js';
import { Reports } from './trust/reports.js';
import { Withdrawals } from './trust/withdrawals.js';
import { TrustController } from './trust/trust.controller.js';
import { outputClassifier } from './providers/as-classifier.js';
import type { Panel } from './providers/panel.js';
import { PromptCheck } from './screening/prompt-check.js';

export interface ModerationParts {
  readonly pool: pg.Pool;
  readonly services: RequestClient;
  readonly telemetry: Telemetry;
  readonly store: ObjectStore;
  readonly signer: ReceiptSigner;
  readonly policy: ActivePolicy;
  readonly policies: PolicySource;
  readonly classifiers: readonly OutputClassifier[];
  /** Who measures, in this process and elsewhere. */
  readonly panel: Panel;
  readonly banks: HashBanks;
  readonly caseKey: KeyObject;
  readonly reportKeptDays: number;
  readonly lookMs: number;
}

/** What the service is made of. */
@Module({ controllers: [DecisionController, TrustController] })
export class ModerationModule {
  static of({
    pool,
    services,
    telemetry,
    store,
    signer,
    policy,
    policies,
    classifiers,
    panel,
    banks,
    caseKey,
    reportKeptDays,
    lookMs,
  }: ModerationParts): DynamicModule {
    const log = new DecisionLog(pool, signer);
    const reads = new CustomerReads(pool, schema);
    const words = new CaseWords(caseKey);
    const consents = new Consents(pool, reads, words);
    const desk = new DecisionDesk(policies, log, telemetry.meter);
    const prompts = new PromptCheck(policy, desk, banks, new SealedObjects(store), panel);
    const elsewhere = outputClassifier(panel, policy.judge);
    const all = elsewhere === undefined ? classifiers : [...classifiers, elsewhere];
    const looking = { store, policy, desk, classifiers: all, banks, consents, lookMs };
    const outputs = new OutputCheck(looking);
    return {
      module: ModerationModule,
      providers: [
        { provide: DecisionLog, useValue: log },
        { provide: Appeals, useValue: new Appeals(pool, reads, words) },
        { provide: Consents, useValue: consents },
        { provide: Withdrawals, useValue: new Withdrawals(pool, services) },
        { provide: Reports, useValue: new Reports(pool, words, reportKeptDays) },
        { provide: Cases, useValue: new Cases(pool, words, telemetry.logger) },
        { provide: ReceiptKeys, useValue: new ReceiptKeys(pool) },
        { provide: PromptCheck, useValue: prompts },
        { provide: OutputCheck, useValue: outputs },
      ],
    };
  }
}

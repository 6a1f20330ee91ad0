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
import { ReceiptSigner } from './decisions/receipt-signer.js';
import type { OutputClassifier } from './outputs/inspection.js';
import { OutputCheck } from './outputs/output-check.js';
import type { ActivePolicy } from './policy/active-policy.js';
import { schema } from './migrations/index.js';
import { MadeOutputs } from './provenance/made-outputs.js';
import { Appeals } from './trust/appeals.js';
import { CaseWords } from './trust/case-words.js';
import { Cases } from './trust/cases.js';
import { Consents } from './trust/consents.js';
import { Reports } from './trust/reports.js';
import { Withdrawals } from './trust/withdrawals.js';
import { TrustController } from './trust/trust.controller.js';
import { PromptCheck } from './screening/prompt-check.js';

export interface ModerationParts {
  readonly pool: pg.Pool;
  readonly services: RequestClient;
  readonly telemetry: Telemetry;
  readonly store: ObjectStore;
  readonly signer: ReceiptSigner;
  readonly policy: ActivePolicy;
  readonly classifiers: readonly OutputClassifier[];
  readonly banks: HashBanks;
  readonly caseKey: KeyObject;
  readonly reportKeptDays: number;
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
    classifiers,
    banks,
    caseKey,
    reportKeptDays,
  }: ModerationParts): DynamicModule {
    const log = new DecisionLog(pool);
    const reads = new CustomerReads(pool, schema);
    const words = new CaseWords(caseKey);
    const consents = new Consents(pool, reads, words);
    const desk = new DecisionDesk(policy, signer, log, telemetry.meter);
    const prompts = new PromptCheck(policy, desk, banks, new SealedObjects(store));
    const made = new MadeOutputs(pool, store);
    const outputs = new OutputCheck({ store, policy, desk, classifiers, banks, consents, made });
    return {
      module: ModerationModule,
      providers: [
        { provide: DecisionLog, useValue: log },
        { provide: Appeals, useValue: new Appeals(pool, reads, words) },
        { provide: Consents, useValue: consents },
        { provide: Withdrawals, useValue: new Withdrawals(pool, services) },
        { provide: Reports, useValue: new Reports(pool, words, reportKeptDays) },
        { provide: Cases, useValue: new Cases(pool, words, telemetry.logger) },
        { provide: ReceiptSigner, useValue: signer },
        { provide: PromptCheck, useValue: prompts },
        { provide: OutputCheck, useValue: outputs },
        { provide: MadeOutputs, useValue: made },
      ],
    };
  }
}

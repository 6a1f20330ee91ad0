import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { KeyObject } from 'node:crypto';
import type { RequestClient } from '@safelight/messaging';
import { type ObjectStore, SealedObjects } from '@safelight/object-store';
import { CustomerReads } from '@safelight/postgres';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import { EventStore } from '@safelight/event-store';
import { BankStore } from './banks/bank-store.js';
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
import { MadeOutputs } from './provenance/made-outputs.js';
import { ProvenanceController } from './provenance/provenance.controller.js';
import { standingPolicyV1 } from './standing/standing-policy.v1.js';
import { projections } from './operators-pool.js';
import { Standings } from './standing/standings.js';
import { Appeals } from './trust/appeals.js';
import { CaseWords } from './trust/case-words.js';
import { Cases } from './trust/cases.js';
import { Consents } from './trust/consents.js';
import { Reports } from './trust/reports.js';
import { Overturns } from './trust/review/overturns.js';
import { Hands } from './trust/takedown/hands.js';
import { CaseFiles } from './trust/takedown/case-files.js';
import { Sightings } from './trust/takedown/sightings.js';
import { Takedowns } from './trust/takedown/takedowns.js';
import { takedownTeller } from './trust/takedown/takedown-teller.js';
import { EvidenceRoom } from './trust/quarantine/evidence.js';
import { Quarantine } from './trust/quarantine/quarantine.js';
import { Withdrawals } from './trust/withdrawals.js';
import { TrustController } from './trust/trust.controller.js';
import { outputClassifier } from './providers/as-classifier.js';
import type { Panel } from './providers/panel.js';
import type { PictureLooks } from './images/picture-models.js';
import { PictureRecords } from './images/picture-records.js';
import { PictureLook } from './screening/picture-look.js';
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
  readonly models: PictureLooks;
  readonly caseKey: KeyObject;
  readonly reportKeptDays: number;
  readonly lookMs: number;
}

/** What the service is made of. */
@Module({ controllers: [DecisionController, ProvenanceController, TrustController] })
export class ModerationModule {
  static of(parts: ModerationParts): DynamicModule {
    const { pool, services, telemetry, store, signer, policy, classifiers, banks, panel } = parts;
    const log = new DecisionLog(pool, signer);
    const reads = new CustomerReads(pool, schema);
    const words = new CaseWords(parts.caseKey);
    const consents = new Consents(pool, reads, words);
    const desk = new DecisionDesk(parts.policies, log, telemetry.meter);
    const sightings = new Sightings(pool);
    const quarantine = new Quarantine(pool, store, parts.caseKey);
    const records = new PictureRecords(pool);
    const made = new MadeOutputs(pool);
    const prompts = new PromptCheck({
      ...{ policy, desk, banks, panel, sightings, quarantine },
      objects: new SealedObjects(store),
      pictures: new PictureLook(parts.models, records, consents),
    });
    const elsewhere = outputClassifier(panel, policy.judge);
    const outputs = new OutputCheck({
      classifiers: elsewhere === undefined ? classifiers : [...classifiers, elsewhere],
      ...{ store, policy, desk, banks, consents, sightings, records, made },
      ...{ models: parts.models, lookMs: parts.lookMs },
    });
    return {
      module: ModerationModule,
      providers: [
        { provide: DecisionLog, useValue: log },
        { provide: PictureRecords, useValue: records },
        { provide: Appeals, useValue: new Appeals(pool, reads, words) },
        { provide: Consents, useValue: consents },
        { provide: Withdrawals, useValue: new Withdrawals(pool, services) },
        { provide: Cases, useValue: new Cases(pool, words, telemetry.logger) },
        { provide: ReceiptKeys, useValue: new ReceiptKeys(pool) },
        { provide: PromptCheck, useValue: prompts },
        { provide: OutputCheck, useValue: outputs },
        { provide: MadeOutputs, useValue: made },
        ...peopleOf(parts, sightings, quarantine),
      ],
    };
  }
}

/** What people decide, and what comes of it. */
function peopleOf(
  parts: ModerationParts,
  sightings: Sightings,
  quarantine: Quarantine,
): Provider[] {
  const { pool, services, telemetry, signer, caseKey, reportKeptDays: keptDays } = parts;
  const events = new EventStore({ pool, schema, projections, telemetry });
  const files = new CaseFiles(pool, events);
  const hands = new Hands({ pool, sightings, quarantine, banks: new BankStore(pool), services });
  const now = () => new Date();
  const standings = new Standings({
    ...{ pool, store: events, services, quarantine, now, logger: telemetry.logger },
    policy: standingPolicyV1,
  });
  const takedowns = new Takedowns({ files, hands, now, ...takedownTeller(telemetry) });
  const sealing = new CaseWords(caseKey);
  const reports = new Reports({ pool, sealing, signer, files, caseKey, keptDays });
  return [
    { provide: EventStore, useValue: events },
    { provide: Takedowns, useValue: takedowns },
    { provide: Standings, useValue: standings },
    { provide: EvidenceRoom, useValue: new EvidenceRoom(events, quarantine, telemetry.logger) },
    { provide: Overturns, useValue: new Overturns(pool, events, services) },
    { provide: Reports, useValue: reports },
  ];
}

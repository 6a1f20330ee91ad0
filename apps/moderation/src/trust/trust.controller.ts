import { Controller, Inject } from '@nestjs/common';
import type { Operation } from '@safelight/contracts';
import {
  appealDecision,
  eraseAccountCases,
  eraseCase,
  fileReport,
  getConsent,
  getDecision,
  getReport,
  listConsents,
  readCase,
  recordConsent,
  revokeConsent,
} from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { Appeals } from './appeals.js';
import { Cases } from './cases.js';
import { Consents } from './consents.js';
import { Reports } from './reports.js';
import { Takedowns } from './takedown/takedowns.js';
import { Withdrawals } from './withdrawals.js';

type Request<Op extends Operation> = z.output<Op['request']>;

/** What people say about decisions and images. Recorded and told; people decide. */
@Controller()
export class TrustController {
  constructor(
    @Inject(Appeals) private readonly appeals: Appeals,
    @Inject(Consents) private readonly consents: Consents,
    @Inject(Reports) private readonly reports: Reports,
    @Inject(Cases) private readonly cases: Cases,
    @Inject(Withdrawals) private readonly withdrawals: Withdrawals,
    @Inject(Takedowns) private readonly takedowns: Takedowns,
  ) {}

  @Answers(getDecision)
  decision({ decisionId, accountId }: Request<typeof getDecision>) {
    return this.appeals.read(decisionId, accountId);
  }

  @Answers(appealDecision)
  appeal(request: Request<typeof appealDecision>) {
    return this.appeals.open(request);
  }

  @Answers(recordConsent)
  record(request: Request<typeof recordConsent>) {
    return this.consents.record(request);
  }

  @Answers(getConsent)
  consent({ accountId, consentId }: Request<typeof getConsent>) {
    return this.consents.get(accountId, consentId);
  }

  @Answers(revokeConsent)
  async revoke({ accountId, consentId }: Request<typeof revokeConsent>) {
    const revoked = await this.consents.revoke(accountId, consentId);
    // It counts already; whoever does not answer now is asked again by the sweep, which tells of it.
    this.withdrawals.carryOut().catch(() => undefined);
    return revoked;
  }

  @Answers(listConsents)
  list({ accountId, limit, before }: Request<typeof listConsents>) {
    return this.consents.page(accountId, limit, before);
  }

  @Answers(fileReport)
  async report(request: Request<typeof fileReport>) {
    const filed = await this.reports.file(request);
    // It is kept; what does not go well now is done by the sweep, which tells of it.
    this.takedowns.carryOut().catch(() => undefined);
    return filed;
  }

  @Answers(getReport)
  readReport(request: Request<typeof getReport>) {
    return this.reports.read(request);
  }

  @Answers(readCase)
  async readCase({ caseId, reader }: Request<typeof readCase>) {
    return this.cases.read(caseId, reader);
  }

  @Answers(eraseCase)
  async eraseCase({ caseId }: Request<typeof eraseCase>) {
    return this.cases.erase(caseId);
  }

  @Answers(eraseAccountCases)
  async eraseAccount({ accountId }: Request<typeof eraseAccountCases>) {
    return { erased: await this.cases.eraseAccount(accountId) };
  }
}

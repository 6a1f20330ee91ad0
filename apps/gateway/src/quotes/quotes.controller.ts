import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { JobSpec, QuoteRequest, QuoteResource } from '@safelight/contracts';
import { formatCredits, quoteJob, quoteRequest } from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { shareOf } from '../admission/share.js';
import { Fitting } from '../catalogue/fitting.js';
import { presentLines } from '../jobs/price-lines.js';
import { testModeOf } from '../jobs/test-mode.js';
import { FaceQuotes } from '../faces/face-quotes.js';
import { PictureIntake } from '../pictures/picture-intake.js';
import { OutputStores } from '../storage/output-stores.js';
import { jobToQuote, type JobToQuote } from './job-to-quote.js';
import { Quotes } from './quotes.js';

/** A submission as a dry run: everything that it would be told, and nothing is charged. */
@Controller('api/v1/quotes')
export class QuotesController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(Quotes) private readonly quotes: Quotes,
    @Inject(OutputStores) private readonly stores: OutputStores,
    @Inject(PictureIntake) private readonly pictures: PictureIntake,
    @Inject(Fitting) private readonly fitting: Fitting,
    @Inject(FaceQuotes) private readonly faces: FaceQuotes,
  ) {}

  @Post()
  @HttpCode(201)
  @Needs('jobs:write')
  async quote(
    @TheCaller() caller: Caller,
    @Body({ schema: quoteRequest }) asked: QuoteRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ data: QuoteResource; meta: object }> {
    const { accountId, plan } = caller;
    const { operation } = asked;
    const job = await this.jobOf(caller, asked);
    const { words, inputs, storage, needs = [] } = job;
    await this.stores.requireAvailable(storage);
    const test = testModeOf(caller, request);
    const { spec, deprecation } = await this.fitted(accountId, job, test);
    const marked = { ...spec, ...test, ...shareOf(caller), inputs };
    const question = { accountId, plan, spec: marked, content: words, needs: [...needs] };
    const quoted = await this.services.request(quoteJob, question);
    const { priceMicros } = quoted;
    const kept = await this.quotes.keep(accountId, operation, asked.request, priceMicros);
    const { id, expiresAt } = kept;
    const data = {
      ...{ id, operation, model: quoted.model, steps: quoted.steps },
      price: formatCredits(priceMicros),
      lines: presentLines(quoted.lines),
      price_version: quoted.priceVersion,
      policy: { verdict: quoted.verdict },
      queue_position: quoted.queuePosition,
      eta_seconds: quoted.etaSeconds,
      eta_p90_seconds: quoted.etaP90Seconds,
      expires_at: expiresAt.toISOString(),
    };
    void reply.headers(deprecation?.headers ?? {});
    return { data, meta: deprecation === undefined ? {} : { warnings: [deprecation.warning] } };
  }

  private jobOf(caller: Caller, asked: QuoteRequest): Promise<JobToQuote> {
    if (asked.operation === 'face-swap' || asked.operation === 'face-swap-video') {
      return this.faces.job(caller, asked);
    }
    return jobToQuote(asked, (field) => this.pictures.measure(caller.accountId, field));
  }

  private fitted(accountId: string, job: JobToQuote, { test }: Pick<JobSpec, 'test'>) {
    const hasImage = job.inputs.some(({ role }) => role === 'image');
    const asking = { accountId, test: test !== undefined, at: '/request' };
    return this.fitting.fit({ ...job, hasImage }, asking);
  }
}

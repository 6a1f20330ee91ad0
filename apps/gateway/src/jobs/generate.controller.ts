import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { generateRequest, type GenerateRequest } from '@safelight/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { Fitting } from '../catalogue/fitting.js';
import type { JobPicture } from '../pictures/job-pictures.js';
import { PictureIntake } from '../pictures/picture-intake.js';
import { Quotes } from '../quotes/quotes.js';
import { generateJob } from './generate-job.js';
import { picturesIn } from './generate-pictures.js';
import { Submitting } from './submitting.js';

/** An image from words, and from whatever stands beside them. */
@Controller('api/v1')
export class GenerateController {
  constructor(
    @Inject(Submitting) private readonly submitting: Submitting,
    @Inject(PictureIntake) private readonly pictures: PictureIntake,
    @Inject(Quotes) private readonly quotes: Quotes,
    @Inject(Fitting) private readonly fitting: Fitting,
  ) {}

  @Post('generate')
  @HttpCode(202)
  @Needs('jobs:write', { makesJob: true })
  async generate(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: generateRequest }) body: GenerateRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { accountId } = caller;
    return this.submitting.submit({ caller, jobId, request, reply }, body.webhook, async () => {
      const wanted = generateJob(body);
      // Before any picture is fetched for what the model cannot honour.
      await this.fitting.fit(
        { ...wanted, hasImage: body.image !== undefined },
        { accountId, test: caller.kind === 'test' },
      );
      const pictures = await this.picturesOf(accountId, body);
      const quotedMicros = await this.quotes.priceFor(accountId, 'generate', body);
      return { wanted: { ...wanted, quotedMicros }, pictures };
    });
  }

  /** One after the other: each takes a process of the intake. */
  private async picturesOf(accountId: string, body: GenerateRequest): Promise<JobPicture[]> {
    const pictures: JobPicture[] = [];
    for (const { role, ...field } of picturesIn(body)) {
      pictures.push({ role, picture: await this.pictures.read(accountId, field) });
    }
    return pictures;
  }
}

import { Controller, Inject } from '@nestjs/common';
import { quoteJob } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { Delivery } from '@safelight/messaging';
import type { z } from 'zod';
import { Neighbours } from './neighbours.js';

/** Submissions that are only asked about: the same questions, and nothing is kept of the answers. */
@Controller()
export class QuoteController {
  constructor(@Inject(Neighbours) private readonly neighbours: Neighbours) {}

  @Answers(quoteJob)
  async quote(
    request: z.output<typeof quoteJob.request>,
    { context }: Delivery,
  ): Promise<z.input<typeof quoteJob.reply>> {
    const [place, verdict] = await Promise.all([
      this.neighbours.admit(request, context),
      this.neighbours.preview(request.content, request.spec.inputs.length > 0, context),
    ]);
    const { spec, etaSeconds, etaP90Seconds, queuePosition } = place;
    const price = await this.neighbours.price(spec, request.plan, context);
    const { model, steps } = spec;
    return { model, steps, etaSeconds, etaP90Seconds, queuePosition, verdict, ...price };
  }
}

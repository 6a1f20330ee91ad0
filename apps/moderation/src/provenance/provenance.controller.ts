import { Controller, Inject } from '@nestjs/common';
import { findOutput } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { Reports } from '../trust/reports.js';
import { MadeOutputs } from './made-outputs.js';

/** Whether something was made here. */
@Controller()
export class ProvenanceController {
  constructor(
    @Inject(Reports) private readonly reports: Reports,
    @Inject(MadeOutputs) private readonly made: MadeOutputs,
  ) {}

  @Answers(findOutput)
  async find({ digest, watermarks, likenesses }: z.output<typeof findOutput.request>) {
    const [decidedAt, watermark, likeness] = await Promise.all([
      this.reports.madeAt(digest),
      this.made.withWatermark(watermarks),
      this.made.nearest(likenesses),
    ]);
    return { decidedAt, watermark, likeness };
  }
}

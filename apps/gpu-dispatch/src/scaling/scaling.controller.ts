import { Controller, Inject } from '@nestjs/common';
import { readScaling } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { FORESIGHT, type Foresight } from '../foresight.js';

/** What the leader knows of how many workers are wanted; any replica's ops port asks for it. */
@Controller()
export class ScalingController {
  constructor(@Inject(FORESIGHT) private readonly foresight: Foresight) {}

  @Answers(readScaling)
  read(): z.input<typeof readScaling.reply> {
    return { pools: this.foresight.scaling.read(performance.now()) };
  }
}

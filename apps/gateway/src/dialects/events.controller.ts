import { Controller } from '@nestjs/common';
import { wordEvent } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { imagesEvent } from './images/event.js';
import { novitaEvent } from './novita/event.js';

/** Words events about jobs for receivers that were named in a dialect's request. */
@Controller()
export class DialectEventsController {
  @Answers(wordEvent)
  word({ form, url, job }: z.output<typeof wordEvent.request>) {
    return { body: form === 'novita' ? novitaEvent(job, url) : imagesEvent(job) };
  }
}

import { Controller, Inject } from '@nestjs/common';
import type { Receipt } from '@safelight/contracts';
import { checkOutputs, getReceiptKeys, previewPrompt, screenPrompt } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { OutputCheck } from '../outputs/output-check.js';
import { PromptCheck } from '../screening/prompt-check.js';
import { ReceiptKeys } from './receipt-keys.js';

/** The questions that other services ask moderation. */
@Controller()
export class DecisionController {
  constructor(
    @Inject(PromptCheck) private readonly prompts: PromptCheck,
    @Inject(OutputCheck) private readonly outputs: OutputCheck,
    @Inject(ReceiptKeys) private readonly keys: ReceiptKeys,
  ) {}

  @Answers(screenPrompt)
  async screen(request: z.output<typeof screenPrompt.request>): Promise<{ receipt: Receipt }> {
    return { receipt: await this.prompts.check(request) };
  }

  @Answers(previewPrompt)
  preview(request: z.output<typeof previewPrompt.request>): z.input<typeof previewPrompt.reply> {
    return { verdict: this.prompts.preview(request) };
  }

  @Answers(checkOutputs)
  async check(
    request: z.output<typeof checkOutputs.request>,
  ): Promise<z.input<typeof checkOutputs.reply>> {
    return { results: await this.outputs.check(request) };
  }

  @Answers(getReceiptKeys)
  async receiptKeys(): Promise<z.input<typeof getReceiptKeys.reply>> {
    return { keys: await this.keys.all() };
  }
}

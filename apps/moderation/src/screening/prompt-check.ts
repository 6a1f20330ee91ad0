import { hash } from 'node:crypto';
import type { previewPrompt, Receipt, screenPrompt } from '@safelight/contracts';
import { canonicalJson } from '@safelight/contracts';
import type { z } from 'zod';
import type { DecisionDesk } from '../decisions/desk.js';
import type { ActivePolicy } from '../policy/active-policy.js';

/** Named in receipts; the number changes with the normaliser or the matching. */
const classifier = 'safelight-words/1';

/** Looks at the words of a job before anything is paid or drawn. */
export class PromptCheck {
  constructor(
    private readonly policy: ActivePolicy,
    private readonly desk: DecisionDesk,
  ) {}

  /** What `check` would say of these words, for a customer who only asks: coarse, and not recorded. */
  preview(words: z.output<typeof previewPrompt.request>): 'pass' | 'block' {
    return this.policy.screen.screen(words).verdict;
  }

  /** Whatever fails in here fails the request: there is no default verdict. */
  check(request: z.output<typeof screenPrompt.request>): Promise<Receipt> {
    const { jobId, accountId, prompt, negativePrompt } = request;
    const finding = this.policy.screen.screen({ prompt, negativePrompt });
    return this.desk.decide({
      ...finding,
      stage: 'prompt',
      jobId,
      accountId,
      subjectDigest: hash('sha256', canonicalJson({ prompt, negativePrompt }), 'hex'),
      classifiers: [classifier],
    });
  }
}

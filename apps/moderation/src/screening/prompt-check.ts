import { hash } from 'node:crypto';
import type { previewPrompt, Receipt, screenPrompt } from '@safelight/contracts';
import { canonicalJson } from '@safelight/contracts';
import type { z } from 'zod';
import type { DecisionDesk } from '../decisions/desk.js';
import type { ActivePolicy } from '../policy/active-policy.js';
import type { Finding } from './screen.js';

/** Named in receipts; the number changes with the normaliser or the matching. */
const classifier = 'safelight-words/3';
/** For words beside a picture, into which nobody looks: it counts as one of a person. */
const pictureClassifiers = ['safelight-words-beside-picture/3', 'safelight-known-images/1'];

const knownImage: Finding = {
  ...{ verdict: 'block', ruleId: 'F5', category: 'known-images', confidence: 99 },
};

/** Looks at the words of a job before anything is paid or drawn. */
export class PromptCheck {
  constructor(
    private readonly policy: ActivePolicy,
    private readonly desk: DecisionDesk,
  ) {}

  /** What `check` would say of these words, for a customer who only asks: coarse, and not recorded. */
  preview({ besidePicture, ...words }: z.output<typeof previewPrompt.request>): 'pass' | 'block' {
    const { screen, pictureScreen } = this.policy;
    return (besidePicture ? pictureScreen : screen).screen(words).verdict;
  }

  /** Whatever fails in here fails the request: there is no default verdict. */
  check(request: z.output<typeof screenPrompt.request>): Promise<Receipt> {
    const { jobId, accountId, prompt, negativePrompt, pictures } = request;
    const finding = this.find(request);
    const words = { prompt, negativePrompt };
    return this.desk.decide({
      ...finding,
      stage: 'prompt',
      jobId,
      accountId,
      // With the pictures: the same words beside another picture are another request.
      subjectDigest: digestOf(pictures.length === 0 ? words : { ...words, pictures }),
      classifiers: pictures.length === 0 ? [classifier] : pictureClassifiers,
    });
  }

  private find({ pictures, ...words }: z.output<typeof screenPrompt.request>): Finding {
    if (pictures.length === 0) return this.policy.screen.screen(words);
    const { knownImages } = this.policy;
    const known = pictures.some(({ digests }) => digests.some((one) => knownImages.has(one)));
    return known ? knownImage : this.policy.pictureScreen.screen(words);
  }
}

const digestOf = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex');

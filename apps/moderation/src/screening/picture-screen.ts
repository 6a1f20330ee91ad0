import { allowed, strongest } from '../decisions/judgement.js';
import type { TextSignals } from '../decisions/signals.js';
import type { PolicyDocument } from '../policy/policy.js';
import { encodedLayers } from './encodings.js';
import type { RequestWords } from './request.js';
import type { Finding } from './screen.js';
import { isUnreadBesidePicture, isUnreadInsideBesidePicture } from './scripts.js';
import { findingOf, PromptScreen } from './screen.js';

/** Screens the words of a request that brings a picture. Pure, like the screen that it is made of. */
export class PictureScreen {
  private readonly words: PromptScreen;
  private readonly unwanted: PromptScreen;

  /**
   * @param policy for both fields together
   * @param unwanted for the negative prompt by itself
   * @param names living people whom no sexual context may name
   */
  constructor(policy: PolicyDocument, unwanted: PolicyDocument, names: readonly string[] = []) {
    this.words = new PromptScreen(policy, names, 'words-beside-picture');
    this.unwanted = new PromptScreen(unwanted, [], 'unwanted-beside-picture');
  }

  screen(request: RequestWords): Finding {
    const { words, unwanted } = this;
    const [both, negative] = this.measure(request);
    const judged = both ? words.rules.judge(both) : allowed;
    return findingOf(negative ? strongest([judged, unwanted.rules.judge(negative)]) : judged);
  }

  /** What both fields together are about; where these may pass, the negative prompt by itself too. */
  measure(request: RequestWords): TextSignals[] {
    const both = this.words.measure(request);
    if (this.words.rules.judge(both).action !== 'allow') return [both];
    if (isUnreadAnywhere(request)) return [{ ...both, unread: true }];
    if (request.negativePrompt === '') return [both];
    return [both, this.unwanted.measure({ prompt: request.negativePrompt, negativePrompt: '' })];
  }
}

/** As written, or encoded: whoever decodes it may read it. */
function isUnreadAnywhere({ prompt, negativePrompt }: RequestWords): boolean {
  const text = `${prompt}\n${negativePrompt}`;
  return isUnreadBesidePicture(text) || encodedLayers(text).some(isUnreadInsideBesidePicture);
}

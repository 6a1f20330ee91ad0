import type { PolicyDocument } from '../policy/policy.js';
import { encodedLayers } from './encodings.js';
import type { RequestWords } from './request.js';
import type { Finding } from './screen.js';
import { isUnreadBesidePicture, isUnreadInsideBesidePicture } from './scripts.js';
import { PromptScreen, unreadable } from './screen.js';

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
    this.words = new PromptScreen(policy, names);
    this.unwanted = new PromptScreen(unwanted);
  }

  screen(request: RequestWords): Finding {
    const finding = this.words.screen(request);
    if (finding.verdict === 'pass' && isUnreadAnywhere(request)) return unreadable;
    if (finding.verdict === 'block' || request.negativePrompt === '') return finding;
    return this.unwanted.screen({ prompt: request.negativePrompt, negativePrompt: '' });
  }
}

/** As written, or encoded: whoever decodes it may read it. */
function isUnreadAnywhere({ prompt, negativePrompt }: RequestWords): boolean {
  const text = `${prompt}\n${negativePrompt}`;
  return isUnreadBesidePicture(text) || encodedLayers(text).some(isUnreadInsideBesidePicture);
}

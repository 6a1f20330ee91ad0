import type { PolicyDocument } from '../policy/policy.js';
import type { RequestWords } from './request.js';
import type { Finding } from './screen.js';
import { PromptScreen } from './screen.js';

/**
 * Letters of scripts that the vocabulary has no words of: what nobody here can read beside a picture
 * counts as refused (policy, F6).
 */
const UNREADABLE =
  /(?=\p{L})[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Common}\p{Script=Inherited}]/u;

const unreadable: Finding = {
  ...{ verdict: 'block', ruleId: 'F6', category: 'unreadable', confidence: 90 },
};

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
    if (finding.verdict === 'pass' && UNREADABLE.test(request.prompt + request.negativePrompt)) {
      return unreadable;
    }
    if (finding.verdict === 'block' || request.negativePrompt === '') return finding;
    return this.unwanted.screen({ prompt: request.negativePrompt, negativePrompt: '' });
  }
}

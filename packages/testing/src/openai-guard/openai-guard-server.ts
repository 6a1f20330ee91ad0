import { randomUUID } from 'node:crypto';
import { HttpStage, jsonOf, type Reply, type Told } from '../engine-server/http-stage.js';

const CATEGORIES = [
  ...['harassment', 'harassment/threatening', 'hate', 'hate/threatening', 'illicit'],
  ...['illicit/violent', 'self-harm', 'self-harm/intent', 'self-harm/instructions'],
  ...['sexual', 'sexual/minors', 'violence', 'violence/graphic'],
] as const;
/** Of these alone the real one tells anything about a picture. */
const OF_PICTURES = ['sexual', 'violence', 'violence/graphic', 'self-harm'];

/**
 * `POST /v1/moderations` and `POST /v1/chat/completions` (a guard model), without a model: a test tells
 * it what to find in whatever comes.
 */
export class OpenaiGuardServer {
  readonly stage: HttpStage;
  /** Scores by category, and hazards by their codes: `{ violence: 0.9, S1: 1 }`. */
  finds: Readonly<Record<string, number>> = {};

  private constructor(private readonly apiKey: string | undefined) {
    this.stage = new HttpStage((told) => Promise.resolve(this.#answer(told)));
  }

  static async start(options: { readonly apiKey?: string } = {}): Promise<OpenaiGuardServer> {
    const server = new OpenaiGuardServer(options.apiKey);
    await server.stage.start();
    return server;
  }

  get url(): string {
    return this.stage.url;
  }

  close(): Promise<void> {
    return this.stage.stop();
  }

  #answer(told: Told): Reply | undefined {
    if (this.apiKey !== undefined && told.headers.authorization !== `Bearer ${this.apiKey}`) {
      return {
        status: 401,
        json: { error: { message: 'Incorrect API key provided', code: null } },
      };
    }
    if (told.method !== 'POST') return undefined;
    if (told.path === '/v1/moderations') return this.#moderated(jsonOf(told));
    if (told.path === '/v1/chat/completions') return this.#guarded(jsonOf(told));
    return undefined;
  }

  #moderated({ model, input }: Record<string, unknown>): Reply {
    if (typeof model !== 'string' || input === undefined) return badRequest('input');
    const isText = typeof input === 'string';
    const applies = (one: string) => isText || OF_PICTURES.includes(one);
    const scores = CATEGORIES.map(
      (one) => [one, applies(one) ? (this.finds[one] ?? 0.000_1) : 0] as const,
    );
    const by = <Told>(tell: (score: number, name: string) => Told) =>
      Object.fromEntries(scores.map(([name, score]) => [name, tell(score, name)]));
    const result = {
      flagged: scores.some(([, score]) => score >= 0.5),
      categories: by((score) => score >= 0.5),
      category_scores: by((score) => score),
      category_applied_input_types: by((_, name) =>
        applies(name) ? [isText ? 'text' : 'image'] : [],
      ),
    };
    return {
      json: { id: `modr-${randomUUID()}`, model: `${model}-2024-09-26`, results: [result] },
    };
  }

  #guarded({ model, messages }: Record<string, unknown>): Reply {
    if (!Array.isArray(messages) || messages.length === 0) return badRequest('messages');
    const hazards = Object.keys(this.finds).filter((name) => /^S\d+$/.test(name));
    const verdict = hazards.length === 0 ? '\n\nsafe' : `\n\nunsafe\n${hazards.join(',')}`;
    const message = { role: 'assistant', content: verdict };
    return {
      json: {
        ...{ id: `chatcmpl-${randomUUID()}`, object: 'chat.completion', created: 1_764_000_000 },
        ...{ model, choices: [{ index: 0, message, finish_reason: 'stop' }] },
        usage: { prompt_tokens: 200, completion_tokens: 4, total_tokens: 204 },
      },
    };
  }
}

const badRequest = (param: string): Reply => ({
  status: 400,
  json: { error: { message: `Missing required parameter: '${param}'.`, param, code: null } },
});

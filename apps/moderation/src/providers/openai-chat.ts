import { z } from 'zod';
import { askJson } from './ask-json.js';
import { dataUrl, type Harm, scoreSignals, wordsFor } from './codes.js';
import type { RemoteSettings } from './openai-moderation.js';
import type { Artefact, Provider } from './provider.js';

/** Hazards of MLCommons, as Llama Guard names them. Those without an entry are not ours to judge. */
const harms: Readonly<Record<string, readonly Harm[]>> = {
  S1: ['violence'],
  S2: ['crime'],
  S3: ['sexual-crime', 'sexual'],
  S4: ['sexual-minors', 'sexual'],
  S7: ['privacy'],
  S9: ['weapons'],
  S10: ['hate'],
  S11: ['self-harm'],
  S12: ['sexual'],
};
const every = ['sexual', 'sexual-minors', 'sexual-crime'] as const satisfies readonly Harm[];
const answer = z.object({
  model: z.string().min(1).max(200),
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().max(2_000) }),
        finish_reason: z.string().nullable().optional(),
      }),
    )
    .length(1),
});
/** Its whole vocabulary: anything else, a reason or a refusal to say included, is no verdict. */
const verdict = /^\s*(?:safe|unsafe\s+(S\d{1,2}(?:\s*,\s*S\d{1,2})*))\s*$/;

/** A guard model of the family of Llama Guard behind `POST /v1/chat/completions`, as vLLM serves it. */
export const openaiChat = (settings: RemoteSettings): Provider => ({
  ...{ name: settings.name, model: settings.model },
  ...{ stages: settings.stages, patienceMs: settings.patienceMs },
  evaluate: async ({ artefact, deadline }) => {
    const body = {
      ...{ model: settings.model, temperature: 0, max_tokens: 64 },
      messages: [{ role: 'user', content: contentOf(artefact) }],
    };
    const told = answer.parse(await askJson(settings, '/v1/chat/completions', body, deadline));
    const named = namedIn(told.choices[0]?.message.content ?? '');
    const found = named.flatMap((code) => harms[code] ?? []);
    const scores = [
      ...every.map((harm) => [harm, 0] as const),
      ...found.map((h) => [h, 1] as const),
    ];
    return scoreSignals(artefact, scores, { provider: settings.name, model: told.model });
  },
});

/** @throws Error for what is neither `safe` nor `unsafe` with codes */
function namedIn(content: string): string[] {
  const said = verdict.exec(content);
  if (said === null) throw new Error('it said something else than safe, or unsafe with hazards');
  return said[1]?.split(',').map((code) => code.trim()) ?? [];
}

const contentOf = (artefact: Artefact) =>
  artefact.kind === 'words'
    ? wordsFor(artefact)
    : [{ type: 'image_url', image_url: { url: dataUrl(artefact) } }];

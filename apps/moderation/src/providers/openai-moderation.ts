import { z } from 'zod';
import { askJson, type Endpoint } from './ask-json.js';
import { dataUrl, type Harm, scoreSignals, wordsFor } from './codes.js';
import type { Artefact, Provider } from './provider.js';

/** What the API calls them; of those that are not here nothing is known that we act on. */
const harms: Readonly<Record<string, Harm>> = {
  sexual: 'sexual',
  'sexual/minors': 'sexual-minors',
  violence: 'violence',
  'violence/graphic': 'violence',
  hate: 'hate',
  'hate/threatening': 'hate',
  harassment: 'harassment',
  'harassment/threatening': 'harassment',
  'self-harm': 'self-harm',
  'self-harm/intent': 'self-harm',
  'self-harm/instructions': 'self-harm',
  illicit: 'crime',
  'illicit/violent': 'crime',
};
const share = z.number().min(0).max(1);
/** Without these two an answer is none: for them it is asked. */
const answer = z.object({
  model: z.string().min(1).max(200),
  results: z
    .array(
      z.object({
        flagged: z.boolean(),
        category_scores: z
          .object({ sexual: share, 'sexual/minors': share })
          .catchall(share.nullable()),
      }),
    )
    .min(1),
});

export interface RemoteSettings extends Endpoint {
  readonly name: string;
  readonly model: string;
  readonly stages: Provider['stages'];
  readonly patienceMs: number;
}

/** Whatever answers `POST /v1/moderations` as OpenAI's moderation endpoint does. */
export const openaiModeration = (settings: RemoteSettings): Provider => ({
  ...{ name: settings.name, model: settings.model },
  ...{ stages: settings.stages, patienceMs: settings.patienceMs },
  evaluate: async ({ artefact, deadline }) => {
    const body = { model: settings.model, input: inputOf(artefact) };
    const told = answer.parse(await askJson(settings, '/v1/moderations', body, deadline));
    const scores = told.results.flatMap(({ category_scores: all }) =>
      Object.entries(all).flatMap(([category, score]) => {
        const harm = harms[category];
        return harm === undefined || typeof score !== 'number' ? [] : [[harm, score] as const];
      }),
    );
    return scoreSignals(artefact, scores, { provider: settings.name, model: told.model });
  },
});

const inputOf = (artefact: Artefact) =>
  artefact.kind === 'words'
    ? wordsFor(artefact)
    : [{ type: 'image_url', image_url: { url: dataUrl(artefact) } }];

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTelemetry } from '@safelight/telemetry';
import { OpenaiGuardServer, type Upset } from '@safelight/testing';
import { noSignals } from '../decisions/signals.js';
import { activate } from '../policy/active-policy.js';
import { policyV1 } from '../policy/policy.v1.js';
import { outputClassifier } from './as-classifier.js';
import { merged } from './codes.js';
import { localWords } from './local-words.js';
import { Panel } from './panel.js';
import { readProviders } from './providers-file.js';

const telemetry = startTelemetry({ service: 'test', logLevel: 'silent' });
const policy = activate(policyV1, { namedPeople: [], knownImages: new Set() });
let guard: OpenaiGuardServer;
let folder: string;
beforeAll(async () => {
  guard = await OpenaiGuardServer.start({ apiKey: 'sk-test' });
  folder = await mkdtemp(join(tmpdir(), 'providers-'));
  await writeFile(join(folder, 'key'), 'sk-test\n');
});
afterAll(async () => {
  await guard.close();
  await rm(folder, { recursive: true });
});

const kinds = {
  'openai-moderation': 'POST /v1/moderations',
  'openai-chat': 'POST /v1/chat/completions',
} as const;
type Kind = keyof typeof kinds;
const written = (kind: Kind, more: object = {}) => ({
  ...{ name: kind, kind, url: guard.url, model: 'guard-1', stages: ['prompt', 'output'] },
  ...{ api_key_file: join(folder, 'key'), ...more },
});
async function read(...all: object[]) {
  const path = join(folder, 'providers.json');
  await writeFile(path, JSON.stringify(all));
  return readProviders(path);
}
const panelOf = async (...all: object[]) =>
  new Panel([localWords(policy), ...(await read(...all))], telemetry.logger);
const words = (prompt: string, besidePicture = false) => ({
  ...{ kind: 'words' as const, prompt, negativePrompt: '', besidePicture },
});
const judged = async (panel: Panel, prompt: string, besidePicture = false) =>
  policy.judge((await panel.evaluate('prompt', words(prompt, besidePicture))).signals);

describe('providers elsewhere', () => {
  it.each<[Kind, Record<string, number>, string | null]>([
    ['openai-moderation', { sexual: 0.1 }, null],
    ['openai-moderation', { sexual: 0.9 }, 'D1'],
    ['openai-moderation', { sexual: 0.5, 'sexual/minors': 0.6 }, 'F6'],
    ['openai-moderation', { sexual: 0.9, 'sexual/minors': 0.96 }, 'F1'],
    ['openai-moderation', { violence: 0.9 }, null],
    ['openai-chat', {}, null],
    ['openai-chat', { S12: 1 }, 'D1'],
    ['openai-chat', { S1: 1, S4: 1 }, 'F1'],
    ['openai-chat', { S5: 1 }, null],
  ])('%s that finds %j is judged by the compiled thresholds', async (kind, finds, rule) => {
    guard.finds = finds;
    expect((await judged(await panelOf(written(kind)), 'a lake')).ruleId).toBe(rule);
  });

  it('are held to less beside a picture, and keep no words', async () => {
    guard.finds = { sexual: 0.3, hate: 0.7 };
    const panel = await panelOf(written('openai-moderation'));
    expect(await judged(panel, 'a lake')).toMatchObject({ action: 'allow' });
    const beside = await judged(panel, 'a lake', true);
    expect(beside).toMatchObject({ action: 'hold', ruleId: 'F2', confidence: 30 });
    const both = { ...words('a shirt'), negativePrompt: 'a hat' };
    const { signals, asked } = await panel.evaluate('prompt', both);
    expect(asked).toEqual(['openai-moderation/guard-1']);
    expect(signals.texts[0]!.found).toContain('garment');
    expect(signals.scores).toMatchObject({
      'prompt.sexual': { score: 0.3, provider: 'openai-moderation', model: 'guard-1-2024-09-26' },
      'prompt.hate': { score: 0.7 },
    });
    expect(JSON.stringify(signals)).not.toContain('shirt');
    const sent = guard.stage.told(kinds['openai-moderation']).at(-1)!.body.toString();
    expect(JSON.parse(sent)).toMatchObject({ input: 'a shirt\n\nNegative prompt: a hat' });
  });

  it('are not told what is refused here already', async () => {
    const panel = await panelOf(written('openai-moderation'));
    const before = guard.stage.requests.length;
    const isRefused = (own: typeof noSignals) => policy.judge(own).action === 'refuse';
    const { asked } = await panel.evaluate('prompt', words('a naked child'), isRefused);
    expect([asked, guard.stage.requests.length]).toEqual([[], before]);
  });

  it('look at outputs as a classifier does', async () => {
    const panel = await panelOf(written('openai-moderation'), written('openai-chat'));
    const classifier = outputClassifier(panel, policy.judge)!;
    const look = (finds: Record<string, number>) => {
      guard.finds = finds;
      return classifier.look(Buffer.from([0x89]), 0);
    };
    expect(await look({})).toMatchObject({ unsafe: false });
    expect(await look({ sexual: 0.8 })).toEqual({ unsafe: true, category: 'explicit' });
    expect(await look({ S4: 1 })).toEqual({ unsafe: true, category: 'minors' });
    guard.finds = {};
    const sent = guard.stage.told(kinds['openai-moderation']).at(-1)!.body.toString();
    expect(sent).toContain('data:image/png;base64,iQ==');
  });

  it.each(
    (Object.keys(kinds) as Kind[]).flatMap((kind) =>
      (
        ['garbage', 'hang-up', 'silence', { status: 500 }, { status: 200, json: {} }] as Upset[]
      ).map((upset) => [kind, upset] as const),
    ),
  )('%s: %j is no verdict', async (kind, upset) => {
    const panel = await panelOf(written(kind, { patience_ms: 200 }));
    guard.stage.upset(kinds[kind], upset);
    await expect(judged(panel, 'a lake')).rejects.toMatchObject({ code: 'provider.indeterminate' });
    expect(await judged(panel, 'a lake')).toMatchObject({ action: 'allow' });
  });

  it.each<[Kind, object]>([
    ['openai-moderation', { model: 'm', results: [] }],
    ['openai-moderation', { model: 'm', results: [{ flagged: true, category_scores: {} }] }],
    [
      'openai-moderation',
      {
        model: 'm',
        results: [{ flagged: false, category_scores: { sexual: 7, 'sexual/minors': 0 } }],
      },
    ],
    [
      'openai-chat',
      { model: 'm', choices: [{ message: { content: 'I cannot help with that.' } }] },
    ],
    ['openai-chat', { model: 'm', choices: [{ message: { content: 'safe, but unsafe' } }] }],
    ['openai-chat', { model: 'm', choices: [{ message: { content: 'unsafe' } }] }],
    ['openai-chat', { model: 'm', choices: [] }],
  ])('%s: what it cannot mean is no verdict: %j', async (kind, json) => {
    const panel = await panelOf(written(kind));
    guard.stage.upset(kinds[kind], { status: 200, json });
    await expect(judged(panel, 'a lake')).rejects.toMatchObject({ code: 'provider.indeterminate' });
  });

  it('are not asked for some seconds after five failures on end, and nothing passes then', async () => {
    const panel = await panelOf(written('openai-chat'));
    const route = kinds['openai-chat'];
    guard.stage.upset(route, ...Array.from({ length: 5 }, () => ({ status: 503 })));
    for (let at = 0; at < 5; at += 1) await expect(judged(panel, 'a lake')).rejects.toThrow('503');
    const before = guard.stage.told(route).length;
    await expect(judged(panel, 'a lake')).rejects.toThrow('not asked for some seconds');
    expect(guard.stage.told(route)).toHaveLength(before);
    expect(panel.status().providers.map(({ breaker }) => breaker)).toEqual(['closed', 'open']);
  });

  it('are let in by nobody without the key', async () => {
    const panel = await panelOf(written('openai-moderation', { api_key_file: undefined }));
    await expect(judged(panel, 'a lake')).rejects.toThrow('status 401');
  });
});

it('the highest of several scores counts, whoever told it', () => {
  const told = (score: number, provider: string) => ({
    ...{ ...noSignals, scores: { 'prompt.sexual': { score, provider, model: 'm' } } },
  });
  for (const order of [
    [0.2, 0.9],
    [0.9, 0.2],
  ] as const) {
    const { scores } = merged(order.map((score) => told(score, `p${score}`)));
    expect(scores['prompt.sexual']).toMatchObject({ score: 0.9, provider: 'p0.9' });
  }
});

describe('the file of providers', () => {
  it.each<[string, object[]]>([
    ['kind', [{ kind: 'other' }]],
    ['url', [{ url: 'file:///etc/passwd' }]],
    ['none is "local"', [{ name: 'local' }]],
    ['names must differ', [{}, {}]],
    ['patience_ms', [{ patience_ms: 60_000 }]],
    ['cannot be read', [{ api_key_file: '/none' }]],
  ])('is refused for its %s', async (fault, faulty) => {
    const all = faulty.map((one) => written('openai-chat', one));
    await expect(read(...all)).rejects.toThrow(fault);
  });

  it('names none where there is none', async () => {
    expect(await readProviders(undefined)).toEqual([]);
    await expect(readProviders('/none')).rejects.toThrow('PROVIDERS_FILE');
  });
});

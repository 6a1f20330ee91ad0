import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@safelight/config';
import { exampleDocument } from '../test/catalogue-example.js';
import { readCatalogue } from './read-catalogue.js';

const folder = mkdtempSync(join(tmpdir(), 'safelight-catalogue-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = join(folder, 'catalogue.json');
  writeFileSync(file, text);
  return readCatalogue(file);
}

const changed = (at: 'models' | 'parts', index: number, fields: object) => {
  const document = structuredClone(exampleDocument) as Record<string, unknown>;
  const list = document[at] as object[];
  list[index] = { ...list[index], ...fields };
  return JSON.stringify(document);
};

const ends = (sunset_at: string, successor: string) => ({
  deprecation: { deprecated_at: '2026-01-01T00:00:00Z', sunset_at, successor },
});

describe('the catalogue that ships', () => {
  it('has the built-in models, none of which takes parts, and nothing else', () => {
    const catalogue = readCatalogue();
    const names = ['builtin/atelier', 'builtin/lanczos', 'builtin/blank'];
    expect(names.map((name) => catalogue.model(name)?.features)).toEqual([[], [], []]);
    expect(catalogue.parts).toEqual([]);
  });
});

describe('a catalogue with a fault', () => {
  it.each([
    ['{\n  "version": 1,\n  models: []\n}', ['is no JSON, line 3']],
    ['{"version": 2, "models": []}', ['/version']],
    [changed('models', 0, { colour: 'red' }), ['/models/0', 'colour']],
    [
      changed('models', 0, { content_class: 'adult' }),
      ['/models/0/content_class', 'must be general'],
    ],
    [changed('parts', 0, { name: 'nsfw-master' }), ['/parts/0/name', 'take the entry out']],
    ...['nudify', 'deepnude', 'NudifyXL', 'clothes-remover', 'RealNudes v3', 'bikini'].map(
      (name): [string, string[]] => [changed('models', 0, { name }), ['/models/0/name']],
    ),
    [changed('parts', 1, { engine_name: 'nsfwXL.pt' }), ['/parts/1/engine_name']],
    [changed('parts', 1, { description: 'undresses anybody' }), ['/parts/1/description']],
    [changed('parts', 1, { engine_name: 'x_nude.pt' }), ['/parts/1/engine_name']],
    [changed('parts', 1, { name: 'ink' }), ['/parts/1/name', 'is there twice: ink']],
    [changed('parts', 2, { bases: ['sd2'] }), ['/parts/2/bases/0', 'sdxl, sd1.5']],
    [changed('parts', 0, { preprocessors: ['canny'] }), ['/parts/0/preprocessors', 'controlnet']],
    [changed('models', 1, { defaults: { steps: 200 } }), ['/models/1/defaults/steps']],
    [changed('models', 0, { defaults: { steps: 5 } }), ['/models/0/defaults/steps', '10 to 60']],
    [changed('models', 0, { defaults: { sampler: 'DDIM' } }), ['/models/0/defaults/sampler']],
    [changed('models', 4, { defaults: { sampler: 'DDIM' } }), ['/models/4/defaults/sampler']],
    [changed('models', 1, ends('2026-02-01T00:00:00Z', 'house/two')), ['successor', 'house/two']],
    [changed('models', 1, ends('2026-02-01T00:00:00Z', 'house/fifteen')), ['successor']],
    [changed('models', 1, ends('2025-02-01T00:00:00Z', 'house/xl')), ['sunset_at', 'after']],
  ])('stops the service, and says where and what to do: %#', (text, said) => {
    const file = join(folder, 'catalogue.json');
    expect(() => read(text)).toThrow(ConfigError);
    for (const part of ['MODEL_CATALOGUE', file, ...said]) expect(() => read(text)).toThrow(part);
  });

  it('or without a file at all', () => {
    expect(() => readCatalogue(join(folder, 'none.json'))).toThrow(/cannot be read .*ENOENT/);
  });

  it('names nothing that is merely spelt alike', () => {
    const description = 'Nudging light; annual seminar in Sussex, Essex and Middlesex';
    expect(() => read(changed('models', 0, { description }))).not.toThrow();
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PromptScreen } from '../screening/screen.js';
import { refusedRequests } from '../test/refused-requests.js';
import { activate } from './active-policy.js';
import { floor } from './floor.js';
import type { DeploymentLists } from './lists.js';
import { readLists } from './lists.js';
import type { PolicyDocument } from './policy.js';
import { above, concepts, PolicyError } from './policy.js';
import { policyV1 } from './policy.v1.js';

const noLists: DeploymentLists = { namedPeople: [], knownImages: new Set() };
const empty: PolicyDocument = {
  ...policyV1,
  vocabulary: {},
  unspaced: {},
  compounds: [],
  rules: [],
};

describe('the floor', () => {
  it('stands under an empty document', () => {
    const bare = new PromptScreen(above(floor, empty));
    for (const { rule, prompt } of refusedRequests.filter(({ rule }) => rule.startsWith('F'))) {
      expect([prompt, bare.screen({ prompt, negativePrompt: '' }).ruleId]).toEqual([prompt, rule]);
    }
  });

  it('keeps every rule, word and compound under any document', () => {
    const joined = above(floor, policyV1);
    expect(joined.rules.slice(0, floor.rules.length)).toEqual(floor.rules);
    expect(joined.compounds).toEqual(expect.arrayContaining([...floor.compounds]));
    for (const concept of concepts) {
      const words = joined.vocabulary[concept] ?? [];
      expect(words).toEqual(expect.arrayContaining([...(floor.vocabulary[concept] ?? [])]));
    }
  });

  it('cannot be excused from or redefined by a document', () => {
    const [rule] = floor.rules;
    expect(() => above(floor, { ...empty, harmless: ['undress her'] })).toThrow(PolicyError);
    expect(() => above(floor, { ...empty, avoidable: ['clothes'] })).toThrow(PolicyError);
    expect(() => above(floor, { ...empty, rules: [rule!] })).toThrow(PolicyError);
  });

  it('has room for every concept in a bit mask', () => {
    expect(concepts.length).toBeLessThanOrEqual(31);
  });

  it('refuses to run when screening does not give the known answers', () => {
    const strict: PolicyDocument = {
      ...empty,
      vocabulary: { hate: ['trees'] },
      rules: [{ id: 'X1', category: 'test', all: [['hate']] }],
    };
    expect(() => activate(strict, noLists)).toThrow(PolicyError);
    expect(() => activate(policyV1, noLists)).not.toThrow();
  });
});

describe('the digest of a policy', () => {
  const digest = (document: PolicyDocument, lists = noLists) => activate(document, lists).digest;

  it('is the same for the same policy and changes with every part of it', () => {
    const standing = digest(policyV1);
    expect(standing).toMatch(/^[0-9a-f]{64}$/);
    expect(digest(structuredClone(policyV1))).toBe(standing);
    const others = [
      digest({ ...policyV1, version: 'next' }),
      digest({ ...policyV1, vocabulary: { ...policyV1.vocabulary, hate: ['other'] } }),
      digest(policyV1, { ...noLists, namedPeople: ['Somebody Invented'] }),
      digest(policyV1, { ...noLists, knownImages: new Set(['0'.repeat(64)]) }),
    ];
    expect(new Set([standing, ...others]).size).toBe(5);
  });
});

describe('the lists of a deployment', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'safelight-lists-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };

  it('are read without comments and blank lines; without files they are empty', async () => {
    const namedPeople = await file(
      'names',
      '# invented\nIlvara Quenstone\n\n  Bo Lanternfield # x\n',
    );
    const knownImages = await file('digests', `${'AB'.repeat(32)}\n`);
    expect(await readLists({ namedPeople, knownImages })).toEqual({
      namedPeople: ['Ilvara Quenstone', 'Bo Lanternfield'],
      knownImages: new Set(['ab'.repeat(32)]),
    });
    expect(await readLists({ namedPeople: undefined, knownImages: undefined })).toEqual(noLists);
  });

  it('stop the service when they cannot be read or are malformed', async () => {
    const malformed = await file('malformed', `${'ab'.repeat(32)}\nnot a digest\n`);
    await expect(readLists({ namedPeople: undefined, knownImages: malformed })).rejects.toThrow(
      'entry 2',
    );
    await expect(
      readLists({ namedPeople: join(folder, 'absent'), knownImages: undefined }),
    ).rejects.toThrow(PolicyError);
  });
});

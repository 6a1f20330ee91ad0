import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createTestAuthority,
  CredentialsReader,
  CredentialsSigner,
  openTestClock,
  stateNatively,
  type TestClock,
} from '@safelight/provenance';
import { decodeFilm, testFilm } from '@safelight/testing';
import type { EngineOutput } from '../engine/engine.js';
import { withCredentials } from './credentials.js';

const authority = createTestAuthority();
const reader = new CredentialsReader(authority.signer.certificates);
let clock: TestClock;
let signer: CredentialsSigner;
beforeAll(async () => {
  clock = await openTestClock(authority.timestamps);
  signer = await CredentialsSigner.open(authority.signer, clock.url);
});
afterAll(() => Promise.all([signer.close(), reader.close(), clock.close()]));

const place = { jobId: 'job_1', picture: 0, model: 'builtin/cinema' };
const film = async (): Promise<EngineOutput> => {
  const size = { width: 64, height: 48, seed: 1, seconds: 1 };
  return { bytes: await testFilm(), mediaType: 'video/mp4', ...size };
};

describe('an output with content credentials', () => {
  it('is the same film, which two readers trust', async () => {
    const before = await film();
    const made = await withCredentials(signer, before, {}, place);
    const bytes = Buffer.from(made.bytes);
    expect(await reader.read(bytes, 'video/mp4')).toMatchObject({
      ...{ state: 'ours', sourceTypes: ['trainedAlgorithmicMedia'] },
    });
    expect(await stateNatively(bytes, 'video/mp4', authority.anchors)).toBe('Trusted');
    const frames = async (mp4: Uint8Array) => (await decodeFilm(Buffer.from(mp4))).frames;
    expect(await frames(bytes)).toEqual(await frames(before.bytes));
  });

  it('is as it was where nothing signs, and where it is a plain card', async () => {
    const before = await film();
    expect(await withCredentials(undefined, before, {}, place)).toBe(before);
    const card: EngineOutput = { ...before, plain: true };
    expect(await withCredentials(signer, card, {}, place)).toBe(card);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Reader } from '@contentauth/c2pa-node';
import sharp from 'sharp';
import { CredentialsReader } from './credentials-reader.js';
import { CredentialsSigner } from './credentials-signer.js';
import { createTestAuthority } from './test-authority.js';
import { openTestClock, stampOf, type TestClock } from './test-clock.js';

const authority = createTestAuthority();
const own = authority.signer.certificates;
const claim = {
  tool: 'Safelight builtin/atelier',
  digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
  ...{ jobId: 'job_1', picture: 0, watermark: 'fedcba9876543210', madeFrom: [] as string[] },
};
const reader = new CredentialsReader(own);
let clock: TestClock;
let signer: CredentialsSigner;
const signers: CredentialsSigner[] = [];
const opened = async (...given: Parameters<typeof CredentialsSigner.open>) => {
  const one = await CredentialsSigner.open(...given);
  signers.push(one);
  return one;
};
beforeAll(async () => {
  clock = await openTestClock(authority.timestamps);
  signer = await opened(authority.signer, clock.url);
});
afterAll(async () => {
  await Promise.all([reader.close(), ...signers.map((one) => one.close())]);
  await clock.close();
});

interface Said {
  readonly active_manifest?: string;
  readonly manifests?: Readonly<Record<string, { readonly ingredients?: unknown }>>;
}
const picture = (format: 'png' | 'jpeg' | 'webp') =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: '#268' } })
    .toFormat(format)
    .toBuffer();
/** What the other build of the library says, natively. */
const natively = async (buffer: Buffer, mimeType: string): Promise<Said | undefined> => {
  const settings = { trust: { trust_anchors: authority.anchors }, verify: { verify_trust: true } };
  return (await Reader.fromAsset({ buffer, mimeType }, settings))?.json() as Said | undefined;
};

describe('content credentials', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('in %s are trusted by both readers', async (format) => {
    const mediaType = `image/${format}` as const;
    const file = await signer.sign(await picture(format), mediaType, claim);
    expect(await reader.read(file, mediaType)).toEqual({
      state: 'ours',
      sourceTypes: ['trainedAlgorithmicMedia'],
      signer: 'Safelight TEST signer',
      signedAt: expect.any(String),
    });
    const said = await natively(file, mediaType);
    expect(said).toMatchObject({ validation_state: 'Trusted' });
    const text = JSON.stringify(said);
    for (const part of ['timeStamp.trusted', 'org.safelight.watermark.1', claim.watermark]) {
      expect(text).toContain(part);
    }
  });

  it('do not fit a picture that was changed', async () => {
    const file = await signer.sign(await picture('png'), 'image/png', claim);
    // In the pixels: a byte of the manifest may be padding.
    const at = file.lastIndexOf('IDAT') + 12;
    file[at] = (file[at] ?? 0) ^ 1;
    expect(await reader.read(file, 'image/png')).toMatchObject({ state: 'broken' });
    expect(await natively(file, 'image/png')).toMatchObject({ validation_state: 'Invalid' });
  });

  it('of another authority are foreign, though it calls itself the same', async () => {
    const other = createTestAuthority();
    const theirs = await opened(other.signer, clock.url);
    const file = await theirs.sign(await picture('jpeg'), 'image/jpeg', claim);
    expect(await reader.read(file, 'image/jpeg')).toMatchObject({ state: 'foreign' });
  });

  it('name what a picture was made from, by its digest', async () => {
    const madeFrom = ['a'.repeat(64), 'b'.repeat(64)];
    const file = await signer.sign(await picture('png'), 'image/png', { ...claim, madeFrom });
    expect(await reader.read(file, 'image/png')).toMatchObject({ state: 'ours' });
    const { manifests = {}, active_manifest: active = '' } = (await natively(file, 'image/png'))!;
    expect(manifests[active]?.ingredients).toMatchObject([
      { relationship: 'parentOf', instance_id: `urn:sha256:${madeFrom[0]}` },
      { relationship: 'inputTo', instance_id: `urn:sha256:${madeFrom[1]}` },
    ]);
  });

  it('are none in a file without any, or in one that is broken', async () => {
    const none = { state: 'none', sourceTypes: [], signer: null, signedAt: null };
    expect(await reader.read(await picture('png'), 'image/png')).toEqual(none);
    expect(await reader.read(Buffer.from('no picture'), 'image/png')).toEqual(none);
  });

  it('are not written without a clock, or with the key of another', async () => {
    const lonely = await opened(authority.signer, 'http://127.0.0.1:9');
    await expect(lonely.sign(await picture('png'), 'image/png', claim)).rejects.toThrow();
    const { key } = createTestAuthority().signer;
    await expect(CredentialsSigner.open({ certificates: own, key }, clock.url)).rejects.toThrow(
      'not that of the first certificate',
    );
  });

  it('get no time for what is no question', () => {
    for (const bytes of ['', '0', '\x30\x03\x02\x01\x01', '\x30\x84\xff\xff\xff\xff']) {
      const request = Buffer.from(bytes, 'latin1');
      expect(stampOf(request, authority.timestamps, new Date())).toBeUndefined();
    }
  });
});

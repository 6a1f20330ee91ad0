import { readFile } from 'node:fs/promises';
import { createTestAuthority, type TestAuthority } from './test-authority.js';

/** A new authority for tests and laptops, as its file holds it. */
export const createTestAuthorityFile = (): string =>
  `${JSON.stringify(createTestAuthority(), null, 2)}\n`;

/** @throws Error for what is not such a file; never repeats what it holds */
export async function readTestAuthorityFile(path: string): Promise<TestAuthority> {
  const text = await readFile(path, 'utf8');
  try {
    const { anchors, signer, timestamps } = JSON.parse(text) as TestAuthority;
    for (const { certificates, key } of [signer, timestamps]) {
      if (!certificates.includes('CERTIFICATE') || !key.includes('KEY')) throw new Error('empty');
    }
    if (!anchors.includes('CERTIFICATE')) throw new Error('empty');
    return { anchors, signer, timestamps };
  } catch {
    throw new Error('it holds no test authority; let `npm start` make one in a new folder');
  }
}

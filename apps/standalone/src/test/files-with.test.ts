import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { findInFiles, formsOf } from './files-with.js';

const text = 'canary-1b9d6bcd';

it('a text is recognised wherever it lies, plain, in hex or in base64', () => {
  for (let before = 0; before < 9; before += 1) {
    const whole = Buffer.concat([randomBytes(before), Buffer.from(text), randomBytes(5)]);
    for (const heap of [
      whole.toString('latin1'),
      whole.toString('hex'),
      whole.toString('base64'),
    ]) {
      expect(formsOf(text).some((form) => heap.includes(form.toString()))).toBe(true);
      expect(formsOf('canary-2b9d6bcd').some((form) => heap.includes(form.toString()))).toBe(false);
    }
  }
});

it('files are looked at in all folders below', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'safelight-files-'));
  await mkdir(join(folder, 'a', 'b'), { recursive: true });
  const path = join(folder, 'a', 'b', 'c');
  await writeFile(path, `x${Buffer.from(text).toString('hex')}`);
  expect(await findInFiles(folder, [text, 'other'])).toEqual([`${text} in ${path}`]);
  await rm(folder, { recursive: true });
});

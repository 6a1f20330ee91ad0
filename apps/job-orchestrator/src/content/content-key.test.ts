import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@safelight/config';
import { createContentKey, readContentKey } from './content-key.js';

describe('the master key', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'safelight-key-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read from the file that was made for it', async () => {
    const path = join(folder, 'good');
    const text = createContentKey();
    await writeFile(path, `${text}\n`);
    expect((await readContentKey(path)).export().toString('base64')).toBe(text);
  });

  it('missing or malformed, stops the start with its variable’s name and without its content', async () => {
    const path = join(folder, 'short');
    await writeFile(path, 'c2VjcmV0');
    for (const file of [path, join(folder, 'absent')]) {
      const reading = readContentKey(file);
      await expect(reading).rejects.toThrow(ConfigError);
      await expect(reading).rejects.toThrow('CONTENT_KEY_FILE');
      await expect(reading).rejects.not.toThrow('c2VjcmV0');
    }
  });
});

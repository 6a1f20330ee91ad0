import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { billingNodeOptions } from './node-options.js';

it('are those of the package’s own start', async () => {
  const file = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const { scripts } = JSON.parse(file) as { scripts: { start: string } };
  expect(scripts.start).toBe(`node ${billingNodeOptions.join(' ')} dist/main.js`);
});

/** `npm run generate`: writes what is made from the contracts. `npm test` fails while it differs. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedDocuments } from '../packages/contracts/dist/index.js';
import { root } from './step.mjs';

for (const [path, text] of Object.entries(await generatedDocuments())) {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  console.log(`wrote ${path}`);
}

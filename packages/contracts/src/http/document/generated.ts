import { asyncApiDocument } from './asyncapi.js';
import { openApiDocument } from './openapi.js';

const textOf = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

/** What `npm run generate` writes: text by path from the root of the repository. */
export async function generatedDocuments(): Promise<Readonly<Record<string, string>>> {
  return {
    'docs/api/openapi.json': textOf(await openApiDocument()),
    'docs/api/asyncapi.json': textOf(asyncApiDocument()),
  };
}

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { problemAnchor, problems } from '../problem.js';
import { apiRoutes, problemsOf } from '../routes/index.js';
import { generatedDocuments } from './generated.js';

const root = new URL('../../../../../', import.meta.url);

describe('the documents of the API', () => {
  it('lie in docs/api as `npm run generate` writes them', async () => {
    for (const [path, text] of Object.entries(await generatedDocuments())) {
      const written = await readFile(new URL(path, root), 'utf8').catch(() => '');
      // Not compared by the matcher: the difference of two long documents helps nobody.
      if (written !== text) throw new Error(`${path} is out of date: run npm run generate`);
    }
  });
});

describe('the registry', () => {
  it('names no route and no operation twice', () => {
    const routes = apiRoutes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(routes).size).toBe(routes.length);
    expect(new Set(apiRoutes.map(({ operationId }) => operationId)).size).toBe(routes.length);
  });

  it.each(apiRoutes)('$method $path: declares its path parameters, all of them', (route) => {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(route.params?.shape ?? {})).toEqual(inPath);
  });

  const examples = apiRoutes.flatMap((route) =>
    (route.examples ?? []).map((example) => ({
      route,
      example,
      what: `${route.path} ${example.name}`,
    })),
  );
  it.each(examples)('$what: has a body and an answer that fit', ({ route, example }) => {
    const { body } = example.request;
    const { answer } = example;
    const schema = route.answers[answer.status]?.content['application/json'];
    if (schema) {
      expect(schema.parse(answer.body)).toBeDefined();
      if (route.body !== undefined) expect(route.body.parse(body)).toBeDefined();
      return;
    }
    const { code, type } = answer.body as { code: keyof typeof problems; type: string };
    expect(problemsOf(route)).toContain(code);
    expect([problems[code].status, type]).toEqual([
      answer.status,
      `/docs/errors#${problemAnchor(code)}`,
    ]);
  });
});

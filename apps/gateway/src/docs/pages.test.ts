import { describe, expect, it } from '@jest/globals';
import type { ProblemCode } from '@safelight/contracts';
import { problems } from '@safelight/contracts';
import { Problem } from '../http/problem.js';
import { Assets } from './assets.js';
import { errorsPage, referencePage } from './pages.js';

const links = (page: string) =>
  [...page.matchAll(/\b(?:href|src)="([^"]+)"/g)].map(([, to]) => to!);

describe('the pages of the reference', () => {
  it.each(Object.keys(problems) as ProblemCode[])('explain %s where its problems point', (code) => {
    const [page, anchor] = new Problem(code, 'x').toDocument('r').type.split('#');
    expect(page).toBe('/docs/errors');
    expect(errorsPage).toContain(`<section id="${anchor}">`);
  });

  it('ask for nothing from elsewhere, and for files that are there', async () => {
    const assets = new Assets();
    for (const to of [...links(referencePage), ...links(errorsPage)]) {
      expect(to).toMatch(/^[/#]/);
      const [, file] = /^\/docs\/assets\/(.+)$/.exec(to) ?? [];
      if (file !== undefined) expect((await assets.find(file))?.bytes.length).toBeGreaterThan(0);
    }
  });

  it('hold no inline script or style, which their policy would refuse', () => {
    for (const page of [referencePage, errorsPage])
      expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/);
  });

  it('hand out no file by any other name', () => {
    const assets = new Assets();
    for (const name of ['package.json', '../package.json', '__proto__', 'toString', ''])
      expect(assets.find(name)).toBeUndefined();
  });
});

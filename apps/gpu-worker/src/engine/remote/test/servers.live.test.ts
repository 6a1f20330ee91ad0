import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { A1111Engine } from '../../a1111/a1111.engine.js';
import { asking, ran } from '../../comfyui/test/asking.js';
import type { Engine } from '../../engine.js';
import { OpenaiEngine } from '../../openai/openai.engine.js';
import { SdcppEngine } from '../../sdcpp/sdcpp.engine.js';
import { readModelList } from '../model-list.js';

/** A real server's address, and beside an OpenAI-style one the description of its models. */
const live: Readonly<Record<string, (url: string) => Engine>> = {
  OPENAI_MEDIA_URL: (url) =>
    new OpenaiEngine({ url, models: readModelList(process.env['OPENAI_MEDIA_MODELS'] ?? '') }),
  SDCPP_URL: (url) => new SdcppEngine({ url }),
  A1111_URL: (url) => new A1111Engine({ url }),
};

describe.each(Object.entries(live))('%s', (variable, begin) => {
  const url = process.env[variable];
  (url === undefined ? describe.skip : describe)('a real server', () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = begin(url ?? '');
      expect(await engine.health()).toMatchObject({ ok: true });
    });
    afterAll(() => engine.close());
    const model = (operation: string): string =>
      engine.capabilities.models.find(({ operations }) =>
        (operations as readonly string[]).includes(operation),
      )?.name ?? '';

    it('draws a picture of the size asked for', async () => {
      const request = asking({ model: model('generate'), width: 512, height: 512, steps: 2 });
      const { output, progress } = await ran(engine, request);
      expect(output).toMatchObject({ width: 512, height: 512, mediaType: 'image/png' });
      expect(progress.map(({ step }) => step)).toEqual([1, 2]);
    }, 600_000);

    it('lets a cancelled run go', async () => {
      const stop = new AbortController();
      const request = asking({ model: model('generate'), width: 512, height: 512, steps: 50 });
      const running = ran(engine, request, stop.signal);
      stop.abort();
      await expect(running).rejects.toMatchObject({ code: 'engine.cancelled' });
    }, 600_000);
  });
});

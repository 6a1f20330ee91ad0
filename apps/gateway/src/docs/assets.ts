import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { referenceScript, stylesheet } from './pages.js';

/** A file of the reference's pages. */
export interface Asset {
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly zipped: Buffer;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

const find = createRequire(import.meta.url).resolve;
const ofViewer = (file: string) => readFile(find(`swagger-ui-dist/${file}`));

/** All there is; no other name leads to a file. */
const sources: Readonly<Record<string, { mediaType: string; read: () => Promise<Buffer> }>> = {
  'swagger-ui-bundle.js': { mediaType: JAVASCRIPT, read: () => ofViewer('swagger-ui-bundle.js') },
  'swagger-ui.css': { mediaType: CSS, read: () => ofViewer('swagger-ui.css') },
  'favicon.png': { mediaType: 'image/png', read: () => ofViewer('favicon-32x32.png') },
  'reference.js': { mediaType: JAVASCRIPT, read: async () => Buffer.from(referenceScript) },
  'pages.css': { mediaType: CSS, read: async () => Buffer.from(stylesheet) },
};

/** The files of the reference's pages, read and compressed once, when first asked for. */
export class Assets {
  private readonly kept = new Map<string, Promise<Asset>>();

  find(name: string): Promise<Asset> | undefined {
    if (!Object.hasOwn(sources, name)) return undefined;
    const kept = this.kept.get(name) ?? this.read(name);
    this.kept.set(name, kept);
    return kept;
  }

  private async read(name: string): Promise<Asset> {
    const source = sources[name];
    if (source === undefined) throw new Error(`no asset is called ${name}`);
    const bytes = await source.read();
    return { mediaType: source.mediaType, bytes, zipped: await promisify(gzip)(bytes) };
  }
}

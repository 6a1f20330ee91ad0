import { createHash } from 'node:crypto';
import type { RefusalCode } from '../refusals.js';

/** A file made to hurt, and what has to become of it. */
export type HostileImage = Readonly<{
  name: string;
  bytes: Buffer;
  expected: RefusalCode | 'cleaned';
}>;

/** Planted where code or text hides in a picture; must never come out on the other side. */
export const canary = 'CANARY<script>alert(1)</script><?php system($_GET[0]);?>';

/** What somebody hangs onto a picture, or puts in front of one. */
export const passengers: Readonly<Record<string, Buffer>> = {
  'a ZIP archive': Buffer.from(`PK\x03\x04\x14\0${canary}PK\x05\x06${'\0'.repeat(18)}`, 'latin1'),
  'a web page': Buffer.from(`<!doctype html><html><body>${canary}</body></html>`),
  'a JavaScript program': Buffer.from(`*/=1;/*${canary}*/eval("alert(1)")//`),
  'a PDF document': Buffer.from(`%PDF-1.7\n1 0 obj<</JS(${canary})>>endobj\n%%EOF`),
  'a shell script': Buffer.from(`#!/bin/sh\n: '${canary}'\n`),
};

/** The file cut off at each of these shares of its length. */
export const truncations = (name: string, file: Buffer): HostileImage[] =>
  [0.05, 0.1, 0.25, 0.5, 0.75, 0.95, 1].map((share) => ({
    name: `${name} cut off after ${share * 100} % of it`,
    bytes: file.subarray(0, Math.min(Math.floor(file.length * share), file.length - 1)),
    expected: 'image.damaged',
  }));

export const polyglots = (name: string, file: Buffer): HostileImage[] =>
  Object.entries(passengers).flatMap(([passenger, bytes]) => [
    {
      name: `${name} followed by ${passenger}`,
      bytes: Buffer.concat([file, bytes]),
      expected: 'cleaned' as const,
    },
    {
      name: `${name} behind ${passenger}`,
      bytes: Buffer.concat([bytes, file]),
      expected: 'image.not_supported' as const,
    },
  ]);

/** The same noise every time. */
export const noise = (bytes: number): Buffer<ArrayBuffer> =>
  Buffer.from(createHash('shake256', { outputLength: bytes }).update('safelight').digest());

import { describe, expect, it } from '@jest/globals';
import { mirrorsIn } from './debian-mirrors.js';
import { atLeast } from './find-nats-server.js';

describe('mirrorsIn', () => {
  it('reads both notations of package sources and leaves out what is no Debian archive', () => {
    const sources = `
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/x.gpg] http://old.example/debian/ bookworm main
deb https://packages.example/debian-security bookworm main
deb https://other.example/ubuntu noble main
Types: deb
URIs: https://new.example/mirror/debian
Suites: bookworm
`;
    expect(mirrorsIn(sources)).toEqual([
      'http://old.example/debian',
      'https://new.example/mirror/debian',
    ]);
  });
});

describe('atLeast', () => {
  it.each([
    ['2.10.0', true],
    ['2.15.1', true],
    ['3.0.0', true],
    ['2.9.25', false],
    ['1.99.99', false],
  ])('judges %s against 2.10.0: %s', (version, expected) => {
    expect(atLeast(version, '2.10.0')).toBe(expected);
  });
});

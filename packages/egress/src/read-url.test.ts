import { describe, expect, it } from '@jest/globals';
import { EgressRefused } from './egress-refused.js';
import { isInternalName, portOf, readUrl } from './read-url.js';

const codeOf = (text: string) => {
  try {
    return readUrl(text).href;
  } catch (error) {
    return error instanceof EgressRefused ? error.code : error;
  }
};

describe('a URL that is read', () => {
  it('has its host in the one normal spelling', () => {
    expect(codeOf('https://Hooks.EXAMPLE.com./in?x=1#top')).toBe(
      'https://hooks.example.com/in?x=1#top',
    );
    expect(codeOf('https://ｅｘａｍｐｌｅ。com/')).toBe('https://example.com/');
    expect(codeOf('https://bücher.example/')).toBe('https://xn--bcher-kva.example/');
    expect(codeOf('HTTPS://0x7f.1/')).toBe('https://127.0.0.1/');
  });

  it('has a port, its own or its scheme’s', () => {
    const ports = ['https://a.example/', 'http://a.example/', 'https://a.example:80/'].map((text) =>
      portOf(readUrl(text)),
    );
    expect(ports).toEqual([443, 80, 80]);
  });

  it('is at most 2048 characters long', () => {
    const start = 'https://a.example/';
    expect(codeOf(start.padEnd(2_048, 'x'))).toMatch(/^https:/);
    expect(codeOf(start.padEnd(2_049, 'x'))).toBe('egress.url_malformed');
  });
});

describe('a URL that is refused', () => {
  it.each([
    '',
    'hooks.example.com/in',
    '//hooks.example.com/in',
    'https://',
    'https:///',
    'https://./',
    'https://../',
    'https://a..example/',
    'https://a.example../',
    'https://.a.example/',
    ' https://a.example/',
    'https://a.example/ ',
    'https://a.ex\tample/',
    'https://a.ex\nample/',
    'https://a.example/\u0000',
    'https://a.example/\u007f',
    'https://a.example\\@b.example/',
    'https:\\\\a.example/',
    'https://a.example/a b',
    'https://a.example/a\u00a0b',
    'https://a.example:65536/',
    'https://a.example:-1/',
    'https://a.example:443:443/',
    'https://1.2.3.4.5/',
    'https://256.1.1.1/',
    'https://1.2.3.0x100/',
    'https://4294967296/',
    'https://08.8.8.8/',
    'https://[fe80::1%25eth0]/',
    'https://[fe80::1%eth0]/',
    'https://[::1/',
    'https://[::1]x/',
    'https://::1/',
    'https://a%00.example/',
    'https://a%2f.example/',
    'https://a%40b.example/',
    'https://a_b.exa mple/',
  ])('%j is malformed', (text) => {
    expect(codeOf(text)).toBe('egress.url_malformed');
  });

  it.each([
    'ftp://a.example/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_x',
    'data:,x',
    'ws://a.example/',
  ])('%j has no scheme of ours', (text) => {
    expect(codeOf(text)).toBe('egress.scheme');
  });

  it.each(['https://user@a.example/', 'https://user:pass@a.example/', 'https://:pass@a.example/'])(
    '%j carries credentials',
    (text) => {
      expect(codeOf(text)).toBe('egress.credentials_in_url');
    },
  );
});

describe('a name', () => {
  it.each([
    'localhost',
    'postgres',
    'a.localhost',
    'nas.local',
    'x.localdomain',
    'metadata.google.internal',
  ])('%s is internal', (name) => {
    expect(isInternalName(name)).toBe(true);
  });

  it.each([
    'a.intranet',
    'a.private',
    'a.corp',
    'a.home',
    'a.lan',
    'router.home.arpa',
    'b.svc.cluster.local',
  ])('%s is internal', (name) => {
    expect(isInternalName(name)).toBe(true);
  });

  it.each([
    'example.com',
    'local.example.com',
    'mylocal.com',
    'internal.example',
    'x.notlocal',
    'arpa.example',
  ])('%s may be public', (name) => {
    expect(isInternalName(name)).toBe(false);
  });
});

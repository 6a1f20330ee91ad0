import { BlockList } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { isPublicAddress } from './public-address.js';

/** First and last address of what must be refused; written down apart from the policy's table. */
const SPECIAL_IPV4: [string, string][] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['168.63.129.16', '168.63.129.16'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', '192.52.193.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '255.255.255.255'],
];

const SPECIAL_IPV6: [string, string][] = [
  ['::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
  ['3ffe::', '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['4000::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
];

const refused = (addresses: readonly string[]) => addresses.filter((a) => !isPublicAddress(a));
const letThrough = (addresses: readonly string[]) => addresses.filter((a) => isPublicAddress(a));

const quad = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
const numberOf = (address: string) =>
  address.split('.').reduce((value, part) => value * 256 + Number(part), 0);

describe('an IPv4 address', () => {
  it('is not public from the first of a special network to its last', () => {
    expect(letThrough(SPECIAL_IPV4.flat())).toEqual([]);
  });

  it('is public just before a special network, and just after', () => {
    const inSpecial = (value: number) =>
      SPECIAL_IPV4.some(([first, last]) => numberOf(first) <= value && value <= numberOf(last));
    const neighbours = SPECIAL_IPV4.flatMap(([first, last]) => [
      numberOf(first) - 1,
      numberOf(last) + 1,
    ]).filter((value) => value >= 0 && value < 2 ** 32 && !inSpecial(value));
    expect(neighbours.length).toBeGreaterThan(25);
    expect(refused(neighbours.map(quad))).toEqual([]);
  });

  it('is judged in every /16 as an independent list of the networks judges it', () => {
    const list = new BlockList();
    for (const [first, last] of SPECIAL_IPV4) list.addRange(first, last);
    const disputed = Array.from({ length: 2 ** 16 }, (_, block) => block * 2 ** 16 + block)
      .map(quad)
      .filter((address) => isPublicAddress(address) === list.check(address));
    expect(disputed).toEqual([]);
  });

  it('is public where the public is', () => {
    expect(
      refused(['1.1.1.1', '8.8.8.8', '93.184.216.34', '100.63.255.255', '223.255.255.255']),
    ).toEqual([]);
  });

  it('is none in any spelling but four decimal numbers', () => {
    const spellings = [
      '8.8.8',
      '134744072',
      '0x8.8.8.8',
      '010.8.8.8',
      '8.8.8.8.',
      '8.8.8.8/32',
      ' 8.8.8.8',
    ];
    expect(
      letThrough([...spellings, '８.8.8.8', '8.8.8.256', '8.8.8.8:443', '', 'localhost']),
    ).toEqual([]);
  });
});

describe('an IPv6 address', () => {
  it('is not public from the first of a special network to its last', () => {
    expect(letThrough(SPECIAL_IPV6.flat())).toEqual([]);
  });

  it('is judged in every /16 as an independent list of the networks judges it', () => {
    const list = new BlockList();
    for (const [first, last] of SPECIAL_IPV6) list.addRange(first, last, 'ipv6');
    const disputed = Array.from(
      { length: 2 ** 16 },
      (_, block) => `${block.toString(16)}:db9::1`,
    ).filter((address) => isPublicAddress(address) === list.check(address, 'ipv6'));
    expect(disputed).toEqual([]);
  });

  it('is public just beside the special networks', () => {
    const beside = [
      '2000::',
      '2001:200::',
      '2001:db7:ffff::1',
      '2001:db9::1',
      '2003::1',
      '2620:4f:7fff::1',
    ];
    expect(refused([...beside, '2620:4f:8001::1', '3fff:1000::1', '3ffd:ffff::1'])).toEqual([]);
  });

  it('is public where the public is', () => {
    expect(
      refused(['2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450:4001::200e']),
    ).toEqual([]);
    expect(refused(['2620:FE::FE', '2001:4860:4860:0:0:0:0:8888'])).toEqual([]);
  });

  it('is not public in any of the networks that are not routed', () => {
    const unrouted = ['::', '::1', '100::1', '100:0:0:1::1', '5f00::1', 'fc00::1', 'fd00:ec2::254'];
    expect(letThrough([...unrouted, 'fe80::1', 'fec0::1', 'ff02::1', '64:ff9b:1::1'])).toEqual([]);
  });

  it('is not public as a tunnel or a translator, even to a public IPv4 address', () => {
    const nat64 = ['64:ff9b::8.8.8.8', '64:ff9b::808:808', '64:ff9b:1::808:808'];
    const tunnels = ['2002:808:808::1', '2001:0:808:808::f7f7:f7f7'];
    const isatap = ['2001:4860::5efe:808:808', '2001:4860::200:5efe:808:808'];
    const old = ['::8.8.8.8', '::808:808', '::ffff:0:8.8.8.8', '::ffff:0:808:808'];
    expect(letThrough([...nat64, ...tunnels, ...isatap, ...old])).toEqual([]);
  });

  it('is public beside the mark of ISATAP', () => {
    expect(
      refused(['2001:4860::100:5efe:808:808', '2001:4860::5eff:808:808', '2001:4860::1:0:5efe']),
    ).toEqual([]);
  });

  it('is judged by the IPv4 address that is mapped into it', () => {
    expect(letThrough(['::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:FFFF:a9fe:a9fe'])).toEqual(
      [],
    );
    expect(refused(['::ffff:8.8.8.8', '::ffff:808:808'])).toEqual([]);
  });

  it('is not public with a zone, which means something on one machine only', () => {
    expect(letThrough(['fe80::1%eth0', '2606:4700:4700::1111%1', '::ffff:8.8.8.8%lo'])).toEqual([]);
  });

  it('is none in a spelling that is not one', () => {
    expect(
      letThrough(['[2606:4700::1]', '2606:4700::1/128', '2606:4700', '2606::4700::1', ':']),
    ).toEqual([]);
  });
});

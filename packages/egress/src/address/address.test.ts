import { describe, expect, it } from '@jest/globals';
import { Network, readAddress } from './address.js';

const read = (text: string) => readAddress(text)?.toString();

describe('readAddress', () => {
  it('reads what the operating system writes', () => {
    expect(read('203.0.113.7')).toBe('203.0.113.7');
    expect(read('2001:DB8:0:0::7')).toBe('2001:db8::7');
  });

  it('takes a mapped address for the IPv4 address in it, and a compatible one for IPv6', () => {
    expect(read('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(read('::ffff:cb00:7107')).toBe('203.0.113.7');
    expect(readAddress('::203.0.113.7')?.kind()).toBe('ipv6');
    expect(readAddress('::ffff:0:203.0.113.7')?.kind()).toBe('ipv6');
  });

  it.each(['', '127.1', '0177.0.0.1', '2130706433', 'fe80::1%lo', '[::1]', '::1 ', 'localhost'])(
    'reads nothing in %j',
    (text) => {
      expect(readAddress(text)).toBeUndefined();
    },
  );
});

describe('a network', () => {
  const contains = (cidr: string, address: string) =>
    Network.of(cidr).contains(readAddress(address)!);

  it('contains the addresses that begin like it, of its own kind', () => {
    expect(contains('10.0.0.0/9', '10.127.255.255')).toBe(true);
    expect(contains('10.0.0.0/9', '10.128.0.0')).toBe(false);
    expect(contains('2001:db8::/33', '2001:db8:7fff::1')).toBe(true);
    expect(contains('2001:db8::/33', '2001:db8:8000::1')).toBe(false);
    expect(contains('0.0.0.0/0', '::1')).toBe(false);
    expect(contains('::/0', '10.0.0.1')).toBe(false);
    expect(contains('8.8.8.8/32', '8.8.8.8')).toBe(true);
    expect(contains('8.8.8.8/32', '8.8.8.9')).toBe(false);
  });

  it.each([
    '10.0.0.0',
    '10/8',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '::1/x',
    'lan/8',
  ])('cannot be read from %j', (cidr) => {
    expect(() => Network.of(cidr)).toThrow(RangeError);
  });

  it('has no more bits than its address has', () => {
    expect(() => Network.of('::/128')).not.toThrow();
    expect(() => Network.of('10.0.0.1/32')).not.toThrow();
  });
});

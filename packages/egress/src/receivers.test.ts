import { describe, expect, it } from '@jest/globals';
import { readAddress } from './address/address.js';
import { Receivers } from './receivers.js';

const has = (receivers: Receivers, address: string, port: number) =>
  receivers.has(readAddress(address)!, port);

describe('receivers', () => {
  const receivers = new Receivers(['10.1.2.3:8443', '[FD00:0::1]:443']);

  it('are exactly the pairs that were listed, in whatever spelling', () => {
    expect(has(receivers, '10.1.2.3', 8_443)).toBe(true);
    expect(has(receivers, '::ffff:10.1.2.3', 8_443)).toBe(true);
    expect(has(receivers, 'fd00::1', 443)).toBe(true);
    expect(has(receivers, '10.1.2.3', 443)).toBe(false);
    expect(has(receivers, '10.1.2.4', 8_443)).toBe(false);
    expect(has(receivers, 'fd00::1', 8_443)).toBe(false);
  });

  it('say which ports are worth a lookup', () => {
    expect(receivers.listensOn(8_443)).toBe(true);
    expect(receivers.listensOn(8_080)).toBe(false);
  });

  it.each([
    '',
    '10.1.2.3',
    '10.1.2.3:',
    '10.1.2.3:0',
    '10.1.2.3:65536',
    ':80',
    'hooks.internal:80',
  ])('cannot be read from %j', (text) => {
    expect(() => new Receivers([text])).toThrow(RangeError);
  });

  it.each([
    '10.1:80',
    '0x0a.1.2.3:80',
    '[10.1.2.3]:80',
    'fd00::1:80',
    '[fe80::1%eth0]:80',
    'http://10.1.2.3:80',
  ])('cannot be read from %j', (text) => {
    expect(() => new Receivers([text])).toThrow(RangeError);
  });
});

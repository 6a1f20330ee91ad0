import { isIP } from 'node:net';
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

/** An address that was read, and the only form in which one is judged and connected to. */
export type Address = IPv4 | IPv6;

/**
 * Reads an address as the operating system writes it: four decimal numbers, or IPv6. Every other
 * spelling (octal, hexadecimal, short) is the URL parser's business, which makes this one of it. An
 * IPv4-mapped address (`::ffff:a.b.c.d`) becomes the IPv4 address that it reaches. `undefined` for
 * anything else, and for an address with a zone (`%eth0`), which means something on one machine only.
 */
export function readAddress(text: string): Address | undefined {
  const version = isIP(text);
  if (version === 4) return ipaddr.IPv4.parse(text);
  if (version !== 6 || text.includes('%')) return undefined;
  // ipaddr.js takes `::1.2.3.4`, an IPv4-compatible address, for an IPv4-mapped one. In the URL
  // parser's spelling, hexadecimal throughout, the two cannot be confused.
  const address = ipaddr.IPv6.parse(new URL(`http://[${text}]`).hostname.slice(1, -1));
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** All addresses with the same beginning. */
export class Network {
  private constructor(
    private readonly base: Address,
    private readonly prefix: number,
  ) {}

  /** @throws RangeError for anything but `address/bits`. */
  static of(cidr: string): Network {
    const [text = '', bits = '', ...more] = cidr.split('/');
    const base = readAddress(text);
    const width = base?.kind() === 'ipv4' ? 32 : 128;
    if (!base || more.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > width) {
      throw new RangeError(`${cidr} is no network like 192.0.2.0/24 or 2001:db8::/32`);
    }
    return new Network(base, Number(bits));
  }

  contains(address: Address): boolean {
    return address.kind() === this.base.kind() && address.match(this.base, this.prefix);
  }
}

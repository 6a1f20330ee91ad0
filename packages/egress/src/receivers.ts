import { type Address, readAddress } from './address/address.js';

const PAIR = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/;
const PORT_MAX = 65_535;

/** The internal receivers that an operator has opened: exact pairs of address and port. */
export class Receivers {
  private readonly pairs: ReadonlySet<string>;
  private readonly ports: ReadonlySet<number>;

  /** @throws RangeError for anything but `10.1.2.3:8443` or `[fd00::1]:8443`. */
  constructor(texts: readonly string[]) {
    const pairs = texts.map(readPair);
    this.pairs = new Set(pairs.map(({ address, port }) => keyOf(address, port)));
    this.ports = new Set(pairs.map(({ port }) => port));
  }

  has(address: Address, port: number): boolean {
    return this.pairs.has(keyOf(address, port));
  }

  /** Whether a receiver listens on this port, so that it is worth asking where a name leads. */
  listensOn(port: number): boolean {
    return this.ports.has(port);
  }
}

const keyOf = (address: Address, port: number) => `${address.toString()} ${port}`;

function readPair(text: string): { address: Address; port: number } {
  const [, ipv6, ipv4, digits] = PAIR.exec(text) ?? [];
  const address = readAddress(ipv6 ?? ipv4 ?? '');
  const port = Number(digits);
  const bracketed = ipv6 !== undefined;
  if (
    !address ||
    bracketed !== (ipv6 ?? ipv4 ?? '').includes(':') ||
    !(port > 0 && port <= PORT_MAX)
  ) {
    throw new RangeError(`${text} is no receiver like 10.1.2.3:8443 or [fd00::1]:8443`);
  }
  return { address, port };
}

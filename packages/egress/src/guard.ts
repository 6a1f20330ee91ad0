import { type Address, Network, readAddress } from './address/address.js';
import { isPublic } from './address/public-address.js';
import { EgressRefused } from './egress-refused.js';
import { isInternalName, portOf, type Scheme, schemeOf } from './read-url.js';
import { Receivers } from './receivers.js';
import { dnsResolve, type Resolve } from './resolve.js';

/** What an operator decides about where requests may go. */
export interface GuardOptions {
  /** Ports for each scheme on public addresses. Default: https on 443; http on none. */
  readonly ports?: Readonly<Partial<Record<Scheme, readonly number[]>>>;
  /**
   * For deployments that must reach a named internal receiver: exact pairs of address and port
   * (`10.1.2.3:8443`, `[fd00::1]:8443`) that are open as if public, over either scheme. Whoever may
   * give a URL can reach them, so list nothing that trusts its network. Default: none.
   */
  readonly receivers?: readonly string[];
  /**
   * Networks that are refused though public: the deployment's own addresses, and the prefix of a
   * NAT64 of its own (`2001:db8:64::/96`), through which every IPv4 address can be written.
   */
  readonly refusedNetworks?: readonly string[];
  /**
   * How names are looked up. Default: the machine's name servers, `dnsResolve()`. Where those know
   * internal names under a public domain, `dnsResolve([…])` with others that do not keeps whoever may
   * give a URL from finding out which of them exist.
   */
  readonly resolve?: Resolve;
}

/** Where one request goes: nothing but these addresses may be connected to. */
export interface Destination {
  readonly url: URL;
  /** The name that the certificate must bear, or the address itself. */
  readonly host: string;
  readonly addresses: readonly Address[];
}

/** A name with a thousand addresses shall not have us knock on a thousand doors. */
const ADDRESSES_OF_A_KIND = 2;

/** Decides where a request may go; it connects to nothing. */
export class Guard {
  private readonly ports: Readonly<Record<Scheme, readonly number[]>>;
  private readonly receivers: Receivers;
  private readonly refused: readonly Network[];
  private readonly resolve: Resolve;

  /** @throws RangeError for a receiver or a network that cannot be read. */
  constructor(
    options: GuardOptions,
    private readonly judge: (address: Address) => boolean = isPublic,
  ) {
    this.ports = { https: options.ports?.https ?? [443], http: options.ports?.http ?? [] };
    this.receivers = new Receivers(options.receivers ?? []);
    this.refused = (options.refusedNetworks ?? []).map((cidr) => Network.of(cidr));
    this.resolve = options.resolve ?? dnsResolve();
  }

  /**
   * Looks a name up once, and lets it pass only if every address of the answer may be called.
   * @param url as `readUrl` returns it.
   * @throws EgressRefused
   */
  async destinationOf(url: URL, signal: AbortSignal): Promise<Destination> {
    this.checkPort(url);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const literal = readAddress(host);
    const addresses = literal ? [literal] : await this.addressesOf(host, url, signal);
    for (const address of addresses) this.checkAddress(address, url);
    return { url, host: literal?.toString() ?? host, addresses: fewOfEachKind(addresses) };
  }

  private checkPort(url: URL): void {
    const scheme = schemeOf(url);
    if (this.serves(url) || this.receivers.listensOn(portOf(url))) return;
    throw new EgressRefused(this.ports[scheme].length === 0 ? 'egress.scheme' : 'egress.port');
  }

  private serves(url: URL): boolean {
    return this.ports[schemeOf(url)].includes(portOf(url));
  }

  private async addressesOf(name: string, url: URL, signal: AbortSignal): Promise<Address[]> {
    if (isInternalName(name) && !this.receivers.listensOn(portOf(url))) {
      throw new EgressRefused('egress.address_not_public', { detail: `${name} is internal` });
    }
    const texts = await this.lookUp(name, signal);
    if (texts.length === 0) throw new EgressRefused('egress.no_address');
    return texts.map((text) => {
      const address = readAddress(text);
      if (address) return address;
      throw new EgressRefused('egress.address_not_public', { detail: `${text} is no address` });
    });
  }

  private async lookUp(name: string, signal: AbortSignal): Promise<readonly string[]> {
    try {
      return await this.resolve(name, signal);
    } catch (cause) {
      throw new EgressRefused('egress.unreachable', { detail: `no answer about ${name}`, cause });
    }
  }

  private checkAddress(address: Address, url: URL): void {
    if (this.receivers.has(address, portOf(url))) return;
    if (!this.judge(address) || this.refused.some((network) => network.contains(address))) {
      const detail = `${url.hostname} leads to ${address.toString()}`;
      throw new EgressRefused('egress.address_not_public', { detail });
    }
    // Here because of a receiver on this port, which this address is not.
    if (!this.serves(url)) throw new EgressRefused('egress.port');
  }
}

/** IPv4 first: clusters without IPv6 are many, those without IPv4 few. */
function fewOfEachKind(addresses: readonly Address[]): Address[] {
  return ['ipv4', 'ipv6'].flatMap((kind) =>
    addresses.filter((address) => address.kind() === kind).slice(0, ADDRESSES_OF_A_KIND),
  );
}

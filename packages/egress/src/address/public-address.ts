import { type Address, readAddress } from './address.js';
import { GLOBAL_UNICAST, SPECIAL_NETWORKS } from './special-networks.js';

/**
 * Whether `text` is an address of the public internet: IPv4 outside the special-purpose registry, or
 * IPv6 in 2000::/3 outside its. IPv4-mapped addresses are judged by the IPv4 address in them; those
 * of tunnels and translators (NAT64, 6to4, Teredo, ISATAP) are not public whatever they carry.
 * False for anything that is no address.
 */
export function isPublicAddress(text: string): boolean {
  const address = readAddress(text);
  return address !== undefined && isPublic(address);
}

/** As `isPublicAddress`, of an address that was read. */
export function isPublic(address: Address): boolean {
  if (address.kind() === 'ipv6' && !GLOBAL_UNICAST.contains(address)) return false;
  if (isIsatap(address)) return false;
  return !SPECIAL_NETWORKS.some((network) => network.contains(address));
}

/** ISATAP (RFC 5214) marks the lower half of an address under any prefix; an IPv4 address follows. */
function isIsatap(address: Address): boolean {
  const bytes = address.toByteArray();
  if (bytes.length === 4) return false;
  // 0200 in place of 0000 says that the IPv4 address is globally unique.
  return ((bytes[8] ?? 0) & 0xfd) === 0 && bytes.slice(9, 12).join() === '0,94,254';
}

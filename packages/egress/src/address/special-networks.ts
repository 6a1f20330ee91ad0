import { Network } from './address.js';

/** The IPv6 addresses that the internet routes; everything outside is refused unseen. */
export const GLOBAL_UNICAST = Network.of('2000::/3');

/**
 * IANA's special-purpose registries, IPv4 whole and IPv6 within 2000::/3, with those entries that
 * are reachable (AS112, AMT, 6to4 relays): no customer's server lives there, and the tunnels among
 * them lead to an IPv4 address that nobody has checked.
 */
export const SPECIAL_NETWORKS: readonly Network[] = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure's host agent: in no registry, never routed, there on every Azure machine
  '169.254.0.0/16', // link-local, cloud metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, limited broadcast
  '2001::/23', // protocol assignments: Teredo, benchmarking, AMT, AS112, ORCHID, drone ids
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3ffe::/16', // 6bone, given back in 2006
  '3fff::/20', // documentation
].map((cidr) => Network.of(cidr));

import { networkInterfaces } from 'node:os';

/** Those that a test may take for private without asking the policy. */
const ofThisMachine = (family: 'IPv4' | 'IPv6') =>
  Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((one) => one.family === family).map(({ address }) => address),
  );

/** IPv4 addresses at which a canary on this machine would hear us. */
export const HERE = ['127.0.0.1', '127.1.2.3', '127.255.255.254', '0.0.0.0'];

/** IPv4 addresses of other people's insides. */
export const INSIDE = [
  ...ofThisMachine('IPv4').filter((address) =>
    /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(address),
  ),
  '10.0.0.1',
  '100.100.100.200', // metadata, Alibaba
  '168.63.129.16', // host agent, Azure
  '169.254.169.254', // metadata, nearly everybody
  '169.254.170.2', // task roles, Amazon ECS
  '172.17.0.1', // Docker's host
  '192.0.0.192', // metadata, Oracle
  '192.168.0.1',
  '198.18.0.1',
  '224.0.0.251',
  '255.255.255.255',
];

/** IPv6 addresses at which a canary on this machine would hear us. */
export const HERE_IPV6 = [
  '::1',
  '::',
  '0:0:0:0:0:0:0:1',
  '0000:0000:0000:0000:0000:0000:0000:0001',
  '::0.0.0.1',
];

/** Whether this machine can hear itself over IPv6. */
export const hasIpv6 = () => ofThisMachine('IPv6').includes('::1');

/** IPv6 addresses that are not of the public internet. */
export const INSIDE_IPV6 = [
  ...ofThisMachine('IPv6').filter((address) => address.startsWith('f')),
  '100::1', // discard
  '2001:2::1', // benchmarking
  '2001:3::1', // AMT
  '2001:4:112::1', // AS112
  '2001:10::1', // ORCHID
  '2001:20::1', // ORCHID 2
  '2001:30::1', // drones
  '2001:db8::1', // documentation
  '2620:4f:8000::1', // AS112
  '3ffe::1', // 6bone
  '3fff::1', // documentation
  '4000::1',
  '5f00::1', // segment routing
  '64:ff9b:1:ffff::1',
  'fc00::1',
  'fd00:ec2::254', // metadata, Amazon
  'fd20:ce::254', // metadata, Google
  'fe80::1',
  'fec0::1', // site-local
  'ff02::1',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
];

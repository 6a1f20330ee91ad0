import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readAddress } from '../address/address.js';

const TYPES = new Map([
  [1, 'ipv4'],
  [28, 'ipv6'],
]);
const HEADER_BYTES = 12;

/** What a name server says of a name: its addresses, an error code (3: no such name), or nothing. */
export type Zone = (name: string, kind: string) => readonly string[] | number | undefined;

/** A real, very small DNS server over UDP, on loopback. */
export async function nameServer(zone: Zone) {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (message, { address, port }) => {
    const { name, kind, end } = questionIn(message);
    questions.push(`${name} ${kind}`);
    const said = zone(name, kind);
    if (said !== undefined) socket.send(replyTo(message.subarray(0, end), said), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    server: `127.0.0.1:${socket.address().port}`,
    questions: () => questions,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function questionIn(message: Buffer) {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let size = message.readUInt8(at); size > 0; size = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + size));
    at += 1 + size;
  }
  const kind = TYPES.get(message.readUInt16BE(at + 1)) ?? 'other';
  // A name server may be asked in any mixture of cases.
  return { name: labels.join('.').toLowerCase(), kind, end: at + 5 };
}

function replyTo(question: Buffer, said: readonly string[] | number): Buffer {
  const addresses = typeof said === 'number' ? [] : said;
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180 | (typeof said === 'number' ? said : 0), 2);
  head.writeUInt16BE(addresses.length, 6);
  // No authorities, and none of the additional records that the question may have had.
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...addresses.map((address) => recordOf(address))]);
}

/** An answer for the name in the question, good for no time at all. */
function recordOf(text: string): Buffer {
  const bytes = readAddress(text)!.toByteArray();
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  record.writeUInt16BE(bytes.length === 4 ? 1 : 28, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([record, Buffer.from(bytes)]);
}

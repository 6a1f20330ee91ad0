import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';

/** Says that this process, and no other, runs a server on a folder. */
export interface FolderClaim {
  release(): Promise<void>;
}

/**
 * Claims a folder for one server. The claim is a listening socket in Linux's abstract namespace:
 * the kernel drops it the moment its holder dies, however it dies, so there is never a stale lock
 * to judge. Whoever connects is told the holder's pid.
 *
 * @throws when another process (or this one) holds the folder
 */
export async function claimFolder(folder: string, purpose: string): Promise<FolderClaim> {
  const name = `\0safelight-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  for (let attempt = 1; ; attempt += 1) {
    const server = await listen(name);
    if (server) return { release: () => closed(server) };
    const holder = await askHolder(name);
    // No answer: the holder died between our two questions. Once more, then.
    if (holder === undefined && attempt < 3) continue;
    throw new Error(
      `${purpose} on ${folder} is already run by process ${holder ?? 'unknown'}: ` +
        'stop that one first, or use another folder.',
    );
  }
}

function listen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(String(process.pid));
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen({ path: name }, () => {
      // A forgotten claim must not keep the process alive.
      server.unref();
      resolve(server);
    });
  });
}

function askHolder(name: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ path: name, timeout: 2_000 });
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(answer === '' ? undefined : answer));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

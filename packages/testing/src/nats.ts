import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type LocalNats } from '@safelight/local-servers';

export interface TestNats extends LocalNats {
  /** Kills the server, deletes its store and starts it again on the same port. */
  restartEmpty(): Promise<void>;
  /**
   * Restarts the server and keeps a copy of its store as it was between.
   *
   * @returns takes the server back there, as a power cut might that the newest writes did not survive
   */
  keepStore(): Promise<() => Promise<void>>;
}

/**
 * A nats-server of one's own with JetStream, on a free port and in a temporary folder, which
 * `stop()` removes. `restart()` keeps port and store.
 */
export async function testNats(): Promise<TestNats> {
  const folder = await mkdtemp(join(tmpdir(), 'safelight-nats-'));
  await chmod(folder, 0o755);
  const storeDir = join(folder, 'store');
  const server = await startNats({ storeDir });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const restartFrom = async (copy?: string) => {
    server.kill('SIGKILL');
    await server.exited;
    await rm(storeDir, { recursive: true, force: true });
    if (copy !== undefined) await cp(copy, storeDir, { recursive: true });
    await server.restart();
  };
  const restartEmpty = () => restartFrom();
  const keepStore = async () => {
    const copy = await mkdtemp(join(folder, 'kept-'));
    await server.stop();
    await cp(storeDir, copy, { recursive: true });
    await server.restart();
    return () => restartFrom(copy);
  };
  const own = { stop, restartEmpty, keepStore };
  // A view, not a copy: pid and exited change when the server restarts.
  return new Proxy(server, {
    get: (target, property, receiver) =>
      Reflect.get(property in own ? own : target, property, receiver) as unknown,
  }) as TestNats;
}

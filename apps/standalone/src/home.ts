import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claimFolder, type FolderClaim } from '@safelight/local-servers';
import { z } from 'zod';

/** What must be the same at the next start. Passwords are made here and never leave the folder. */
const memory = z.object({
  passwords: z.record(z.string(), z.object({ password: z.string(), ownerPassword: z.string() })),
  urlSigningSecret: z.string().default(() => randomBytes(32).toString('base64')),
  account: z.object({ accountId: z.string(), apiKey: z.string() }).nullable().default(null),
});
export type Memory = z.infer<typeof memory>;

const PRIVATE = 0o600;

/** The folder in which a laptop's Safelight lives: database, broker store, pictures, secrets. */
export class Home {
  private constructor(
    readonly folder: string,
    public memory: Memory,
    private readonly claim: FolderClaim,
  ) {}

  /**
   * Opens the folder for this process alone, making it and its secrets at the first start.
   * @throws Error naming the process that has it open; nothing in it was read or written then.
   */
  static async open(folder: string, services: readonly string[]): Promise<Home> {
    // World-traversable: as root, PostgreSQL runs as another user and must reach its own folder.
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const claim = await claimFolder(await realpath(folder), 'A Safelight');
    try {
      const home = new Home(folder, await recall(folder, services), claim);
      await home.save();
      return home;
    } catch (error) {
      await claim.release();
      throw error;
    }
  }

  /** Lets other processes open the folder. */
  close(): Promise<void> {
    return this.claim.release();
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** @throws Error for a service that the folder was not opened for. */
  passwordsOf(service: string): { password: string; ownerPassword: string } {
    const passwords = this.memory.passwords[service];
    if (passwords === undefined) throw new Error(`no passwords were made for ${service}`);
    return passwords;
  }

  async remember(changes: Partial<Memory>): Promise<void> {
    this.memory = { ...this.memory, ...changes };
    await this.save();
  }

  /** Writes a file that only its owner may read, whole or not at all. */
  async writePrivate(name: string, text: string): Promise<string> {
    const target = this.path(name);
    const fresh = `${target}.${process.pid}`;
    await writeFile(fresh, text, { mode: PRIVATE, flush: true });
    await chmod(fresh, PRIVATE);
    await rename(fresh, target);
    return target;
  }

  private async save(): Promise<void> {
    await this.writePrivate('memory.json', `${JSON.stringify(this.memory, null, 2)}\n`);
  }
}

/** What the folder remembers, completed with what it does not know yet. */
async function recall(folder: string, services: readonly string[]): Promise<Memory> {
  const text = await readFile(join(folder, 'memory.json'), 'utf8').catch((error: unknown) => {
    // Only a folder that has no memory may get a new one: the account's key is in it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '{}';
    throw error;
  });
  const known = z
    .object({ passwords: z.record(z.string(), z.unknown()).default({}) })
    .loose()
    .parse(JSON.parse(text));
  const passwords = Object.fromEntries(
    services.map((name) => [name, known.passwords[name] ?? newPasswords()]),
  );
  return memory.parse({ ...known, passwords });
}

const newPasswords = () => ({
  password: randomBytes(24).toString('base64url'),
  ownerPassword: randomBytes(24).toString('base64url'),
});

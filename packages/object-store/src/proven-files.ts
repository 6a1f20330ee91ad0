import type { OpenFile } from './open-file.js';

const REMEMBERED = 10_000;

/**
 * Files whose bytes were read and found to be what their digest says. A file is read once; as long as
 * its inode tells of no change, the next reader takes that word. It guards against a disk that lost
 * a write and whoever can write into the store; not against a kernel that lies.
 */
export class ProvenFiles {
  private readonly states = new Set<string>();

  /** @param digest SHA-256 in lower-case hex */
  async holds(file: OpenFile, digest: string): Promise<boolean> {
    const state = `${file.state} ${digest}`;
    if (this.states.has(state)) return true;
    if ((await file.digest()) !== digest || `${file.state} ${digest}` !== state) return false;
    if (this.states.size >= REMEMBERED) this.states.clear();
    this.states.add(state);
    return true;
  }
}

import type { Msg } from '@nats-io/transport-node';
import type { Parcel } from './reply-box.js';
import { AnswerFault } from './unavailable.js';
import { repliesIn, type Reply } from './wire.js';

/** A sixteenth of a message is cheap enough, and several processes still share the work. */
export const BUNDLE_MAX = 16;
/** Characters of JSON; a NATS message may be 1 MiB long, and a character 3 bytes. */
export const BUNDLE_CHARS_MAX = 100_000;

interface Asker {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** The requests to one subject from one turn of the event loop: one message, and one timer. */
export class RequestBundle implements Parcel {
  private readonly giveUpAtMs: number;
  private readonly askers = new Map<string, Asker>();
  private text = '';
  private isOpen = true;

  constructor(
    readonly subject: string,
    readonly timeoutMs: number,
    /** Called once nothing can be added any more. */
    private readonly onSealed: (bundle: RequestBundle) => void,
  ) {
    this.giveUpAtMs = performance.now() + timeoutMs;
  }

  /** Whether a request of so many characters and this patience may travel with the others. */
  takes(chars: number, timeoutMs: number): boolean {
    return (
      this.isOpen &&
      timeoutMs === this.timeoutMs &&
      this.askers.size < BUNDLE_MAX &&
      this.text.length + chars <= BUNDLE_CHARS_MAX
    );
  }

  /** Adds a `WireRequest` in JSON. Rejects as `Parcel.fail` says. */
  add(id: string, request: string): Promise<Reply> {
    this.text += this.text === '' ? request : `,${request}`;
    return new Promise((resolve, reject) => this.askers.set(id, { resolve, reject }));
  }

  data(): string {
    this.seal();
    const patienceMs = Math.max(0, Math.ceil(this.giveUpAtMs - performance.now()));
    return `{"patienceMs":${patienceMs},"requests":[${this.text}]}`;
  }

  receive(message: Msg): boolean {
    const replies = repliesIn(message);
    if (replies === undefined) {
      this.fail(new AnswerFault(this.subject, 'the reply is not one'));
    } else if ('length' in replies) {
      for (const reply of replies) this.settle(reply.id, reply);
    } else {
      for (const id of [...this.askers.keys()]) this.settle(id, replies);
    }
    return this.askers.size > 0;
  }

  fail(error: Error): void {
    this.seal();
    for (const { reject } of this.askers.values()) reject(error);
    this.askers.clear();
  }

  private settle(id: string, reply: Reply): void {
    this.askers.get(id)?.resolve(reply);
    this.askers.delete(id);
  }

  private seal(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.onSealed(this);
  }
}

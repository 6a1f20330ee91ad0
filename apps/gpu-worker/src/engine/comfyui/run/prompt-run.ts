import { EngineCancelled, EngineError, EngineLost } from '../../engine.js';
import type { ComfyuiClient } from '../client/comfyui-client.js';
import type { HistoryEntry } from '../client/history.js';
import type { ComfyuiSocket } from '../client/comfyui-socket.js';
import type { Frame } from '../client/frames.js';
import type { StepCount } from '../../remote/step-count.js';

export interface RunParts {
  readonly client: ComfyuiClient;
  readonly socket: ComfyuiSocket;
  /** After how long a silence the history is asked, in milliseconds. */
  readonly silenceMs: number;
  /** For how long nobody may answer before the engine counts as gone, in milliseconds. */
  readonly awayMs: number;
}

/** How soon to look again while there is no socket, or when a run has ended but is not written down. */
const SOON_MS = 250;

/** What may be over at the next question: nobody answered, or a proxy or a busy server refused. */
const PASSING = new Set(['engine.unreachable', 'engine.fault']);

/** Follows one prompt to its end: frames say when to look, the history says what became of it. */
export class PromptRun {
  #wake: (() => void) | undefined;
  #woken = false;
  #ended = false;
  #doubtful = false;

  constructor(
    private readonly parts: RunParts,
    private readonly promptId: string,
    private readonly steps: StepCount,
  ) {}

  hear(frame: Frame): void {
    if (frame.kind === 'cached') for (const node of frame.nodes) this.steps.report(node, 1);
    if (frame.kind === 'progress') this.steps.report(frame.node, frame.share);
    if (frame.kind === 'done') this.#ended = true;
    this.#rouse();
  }

  /** Frames may have been missed: it is time to look. */
  doubt(): void {
    this.#doubtful = true;
    this.#rouse();
  }

  /**
   * @throws EngineCancelled when the signal aborts; EngineError `engine.prompt_lost` when the server
   *   knows nothing of the prompt any more, as after its restart
   */
  async end(signal: AbortSignal): Promise<HistoryEntry> {
    const onAbort = (): void => this.#rouse();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        assertWanted(signal);
        const heard = !this.#ended && (await this.#listen());
        assertWanted(signal);
        if (heard && !this.#ended && !this.#doubtful) continue;
        this.#doubtful = false;
        const entry = await this.#look(heard);
        if (entry) return entry;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** @returns whether a frame came before the patience ended */
  async #listen(): Promise<boolean> {
    const { silenceMs, socket } = this.parts;
    return this.#pause(socket.connected ? silenceMs : Math.min(silenceMs, SOON_MS));
  }

  async #look(heard: boolean): Promise<HistoryEntry | undefined> {
    const { client, socket } = this.parts;
    const entry = await this.#tolerantly(() => client.history(this.promptId));
    if (entry) return entry;
    if (entry === null) return undefined;
    const standing = await this.#tolerantly(() => client.standing(this.promptId));
    if (standing === 'absent') {
      // It may have ended between the two questions.
      const late = await this.#tolerantly(() => client.history(this.promptId));
      if (late) return late;
      if (late === undefined) {
        throw new EngineError(
          'engine.prompt_lost',
          'ComfyUI has forgotten the run: it was restarted.',
        );
      }
    }
    if (this.#ended) await this.#pause(SOON_MS);
    // Running and yet silent: this socket may be one that the server has forgotten.
    else if (standing === 'running' && !heard) await socket.reopen();
    return undefined;
  }

  #awaySince: number | undefined;

  /**
   * One question that is not answered is no failure yet. A server that answers, however badly, is
   * there: then only this run fails, by what was wrong with the answer.
   *
   * @returns null where it was not answered
   */
  async #tolerantly<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      const answer = await ask();
      this.#awaySince = undefined;
      return answer;
    } catch (error) {
      const code = error instanceof EngineError ? error.code : '';
      if (!PASSING.has(code)) throw error;
      this.#awaySince ??= performance.now();
      if (performance.now() - this.#awaySince >= this.parts.awayMs) {
        if (code === 'engine.fault') throw error;
        throw new EngineLost('ComfyUI has not answered for too long.', { cause: error });
      }
      this.#woken = false;
      await this.#pause(Math.min(SOON_MS, this.parts.awayMs));
      return null;
    }
  }

  async #pause(ms: number): Promise<boolean> {
    if (!this.#woken) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
        this.#wake = resolve;
      });
      clearTimeout(timer);
    }
    const woken = this.#woken;
    this.#woken = false;
    return woken;
  }

  #rouse(): void {
    this.#woken = true;
    this.#wake?.();
  }
}

function assertWanted(signal: AbortSignal): void {
  if (signal.aborted) throw new EngineCancelled();
}

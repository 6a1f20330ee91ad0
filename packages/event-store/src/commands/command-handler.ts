import {
  DomainError,
  fold,
  type Decider,
  type DomainEvent,
  type MessageContext,
  type RecordedEvent,
} from '@safelight/event-sourcing';
import type { InboxEntry } from '../append/unit.js';
import type { EventStore } from '../event-store.js';
import { StreamContended } from '../faults.js';
import { StateCache, type Folded } from './state-cache.js';
import { Turns } from './turns.js';

export interface CommandHandlerOptions<C, E extends DomainEvent, S> {
  readonly store: EventStore;
  readonly decider: Decider<C, E, S>;
  /** The stream of an aggregate, `category-id`. */
  readonly streamOf: (id: string) => string;
  /** How many folded states are kept; 4096 by default. */
  readonly cacheSize?: number;
  /**
   * Whether hardly any command can change the aggregate any more. What a cached state says to that is
   * not believed anyway, so it is not kept.
   */
  readonly isOver?: (state: S) => boolean;
}

export interface CommandMeta {
  /** Permanent id: a repetition changes nothing and gets the earlier events. */
  readonly commandId: string;
  readonly context: MessageContext;
  readonly inbox?: InboxEntry | undefined;
  /** The stream should not exist yet, so the first try does not read it; if it does, the next will. */
  readonly believedNew?: boolean;
}

export interface Handled<E extends DomainEvent, S> extends Folded<S> {
  readonly status: 'appended' | 'repeated' | 'duplicate' | 'nothing';
  readonly events: RecordedEvent<E>[];
}

/** One command, several to be decided one upon the other, or a choice that depends on the state. */
export type Commands<C, S> = C | C[] | ((state: S) => C | C[]);

/** A folded state and, if it was read just now, the events behind it. */
interface Loaded<E extends DomainEvent, S> extends Folded<S> {
  readonly history?: readonly RecordedEvent<E>[];
}

type Decision<E> = { readonly events: E[] } | { readonly refusal: DomainError };

const MAX_TRIES = 5;

/** Load (from the cache if possible), decide, append; again on a conflict, at most five times. */
export class CommandHandler<C, E extends DomainEvent, S> {
  private readonly cache: StateCache<S>;
  private readonly turns = new Turns();

  constructor(private readonly options: CommandHandlerOptions<C, E, S>) {
    this.cache = new StateCache(options.cacheSize ?? 4096);
  }

  /**
   * Handles commands of one aggregate. Those of this process take turns per aggregate, so only
   * other processes can make one conflict.
   *
   * @throws DomainError the decider's refusal, never on the word of a cached state alone
   * @throws StreamContended when every try met a conflict
   * @throws what `EventStore.append` throws
   */
  handle(id: string, commands: Commands<C, S>, meta: CommandMeta): Promise<Handled<E, S>> {
    return this.turns.take(id, async () => {
      for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
        const handled = await this.attempt(
          id,
          commands,
          attempt === 1 ? meta : { ...meta, believedNew: false },
        );
        if (handled) return handled;
      }
      throw new StreamContended(this.options.streamOf(id));
    });
  }

  /**
   * Takes in a state that a read model implies, so that the first decision needs no read. It is
   * believed as any cached state is: no further than its version holds.
   */
  recall(id: string, known: Folded<S>): void {
    this.cache.set(id, known);
  }

  /** The aggregate's present state, read from the database. */
  async load(id: string): Promise<Folded<S>> {
    const { state, version } = await this.reload(id);
    return { state, version };
  }

  /** @returns `undefined` after a conflict */
  private async attempt(
    id: string,
    commands: Commands<C, S>,
    { believedNew = false, ...meta }: CommandMeta,
  ): Promise<Handled<E, S> | undefined> {
    const { decision, loaded } = await this.decideOn(id, commands, believedNew);
    const { state, version } = loaded;
    if (!('events' in decision) || decision.events.length === 0) {
      const before = loaded.history?.filter(({ commandId }) => commandId === meta.commandId) ?? [];
      if (before.length > 0) return { status: 'repeated', events: before, state, version };
      if ('refusal' in decision) throw decision.refusal;
      return { status: 'nothing', events: [], state, version };
    }
    const streamId = this.options.streamOf(id);
    const unit = { streamId, expectedVersion: version, events: decision.events, ...meta };
    const outcome = await this.append(id, unit);
    if (outcome.status === 'conflict') {
      this.cache.drop(id);
      return undefined;
    }
    if (outcome.status === 'appended') {
      return this.advance(id, loaded, outcome.events as RecordedEvent<E>[]);
    }
    const events = outcome.status === 'repeated' ? (outcome.events as RecordedEvent<E>[]) : [];
    return { ...(await this.load(id)), status: outcome.status, events };
  }

  private async append(id: string, unit: Parameters<EventStore['append']>[0]) {
    try {
      return await this.options.store.append(unit);
    } catch (error) {
      // Whether it was committed is unknown: the cached state may be behind.
      this.cache.drop(id);
      throw error;
    }
  }

  /** A cached state may be behind: that nothing happens, or a refusal, is only believed afresh. */
  private async decideOn(
    id: string,
    commands: Commands<C, S>,
    believedNew: boolean,
  ): Promise<{ decision: Decision<E>; loaded: Loaded<E, S> }> {
    const unread = { state: this.options.decider.initialState(), version: 0 };
    const assumed = this.cache.get(id) ?? (believedNew ? unread : undefined);
    if (assumed) {
      const decision = this.decide(assumed.state, commands);
      if ('events' in decision && decision.events.length > 0) return { decision, loaded: assumed };
    }
    const loaded = await this.reload(id);
    return { decision: this.decide(loaded.state, commands), loaded };
  }

  private decide(state: S, commands: Commands<C, S>): Decision<E> {
    const { decide, evolve } = this.options.decider;
    try {
      const chosen = isChoice(commands) ? commands(state) : commands;
      const events: E[] = [];
      let current = state;
      for (const command of Array.isArray(chosen) ? chosen : [chosen]) {
        const decided = decide(command, current);
        events.push(...decided);
        current = decided.reduce(evolve, current);
      }
      return { events };
    } catch (error) {
      if (error instanceof DomainError) return { refusal: error };
      throw error;
    }
  }

  private async reload(id: string): Promise<Required<Loaded<E, S>>> {
    const { store, decider, streamOf } = this.options;
    const history = (await store.read(streamOf(id))) as RecordedEvent<E>[];
    const state = fold(
      decider,
      history.map(({ event }) => event),
    );
    const version = history.at(-1)?.version ?? 0;
    if (version > 0) this.cache.set(id, { state, version });
    return { state, version, history };
  }

  private advance(id: string, from: Folded<S>, events: RecordedEvent<E>[]): Handled<E, S> {
    const state = fold(
      this.options.decider,
      events.map(({ event }) => event),
      from.state,
    );
    const version = events.at(-1)?.version ?? from.version;
    if (this.options.isOver?.(state) === true) this.cache.drop(id);
    else this.cache.set(id, { state, version });
    return { status: 'appended', events, state, version };
  }
}

function isChoice<C, S>(commands: Commands<C, S>): commands is (state: S) => C | C[] {
  return typeof commands === 'function';
}

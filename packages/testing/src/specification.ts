import assert from 'node:assert/strict';
import { DomainError, fold, type Decider, type Process } from '@safelight/event-sourcing';

export interface Decided<Event> {
  /** The command led to exactly these events, in order. */
  then(...expected: Event[]): void;
  /** The command changed nothing: a repetition, or too late. */
  thenNothing(): void;
  /** The command was refused with this code. */
  thenRefused(code: string): void;
}

export interface Given<Command, Event> {
  when(command: Command): Decided<Event>;
}

/**
 * Given/when/then for a decider: `given(…events).when(command).then(…events)`. Failures show both
 * sides as a diff.
 */
export function specificationOf<Command, Event, State>(
  decider: Decider<Command, Event, State>,
): (...given: Event[]) => Given<Command, Event> {
  return (...given) => ({
    when: (command) => decided(() => decider.decide(command, fold(decider, given))),
  });
}

function decided<Event>(decide: () => Event[]): Decided<Event> {
  return {
    then: (...expected) => assert.deepStrictEqual(accepted(decide), expected),
    thenNothing: () => assert.deepStrictEqual(accepted(decide), []),
    thenRefused: (code) => {
      const outcome = outcomeOf(decide);
      assert.ok('refusal' in outcome, `expected refusal "${code}", got ${show(outcome)}`);
      assert.equal(outcome.refusal.code, code);
    },
  };
}

type Outcome<Event> = { events: Event[] } | { refusal: DomainError };

function outcomeOf<Event>(decide: () => Event[]): Outcome<Event> {
  try {
    return { events: decide() };
  } catch (error) {
    if (error instanceof DomainError) return { refusal: error };
    throw error;
  }
}

function accepted<Event>(decide: () => Event[]): Event[] {
  const outcome = outcomeOf(decide);
  if ('events' in outcome) return outcome.events;
  const { code, details } = outcome.refusal;
  throw new assert.AssertionError({
    message: `the command was refused with "${code}" ${show(details)}`,
  });
}

/** JSON for messages; amounts show as in the source. */
const show = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

/** Given/then for a process manager: after these events, exactly these commands are due. */
export function processSpecificationOf<Event, Command, State>(
  process: Process<Event, Command, State>,
): (...given: Event[]) => { then(...expected: Command[]): void; thenNothing(): void } {
  return (...given) => {
    const react = () => process.react(given.reduce(process.evolve, process.initialState()));
    return {
      then: (...expected) => assert.deepStrictEqual(react(), expected),
      thenNothing: () => assert.deepStrictEqual(react(), []),
    };
  };
}

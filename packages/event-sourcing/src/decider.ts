/**
 * An aggregate as three pure functions (the Decider pattern, J. Chassaing): `decide` turns a command
 * and the present state into new events, `evolve` folds one event into the state. Clock, ids and
 * look-ups enter as data of the command, so that a decision can be replayed and tested anywhere.
 */
export interface Decider<Command, Event, State> {
  /**
   * @returns the new events; `[]` when nothing happened (a duplicate, or too late).
   * @throws DomainError when the command makes no sense in this state.
   */
  readonly decide: (command: Command, state: State) => Event[];
  readonly evolve: (state: State, event: Event) => State;
  readonly initialState: () => State;
}

/** The state after `events`, in order, from `state` or the decider's initial one. */
export function fold<Command, Event, State>(
  decider: Decider<Command, Event, State>,
  events: readonly Event[],
  state: State = decider.initialState(),
): State {
  return events.reduce(decider.evolve, state);
}

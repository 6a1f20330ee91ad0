/**
 * A process manager: the same idea as a decider, turned round. Its inputs are events, its outputs
 * are commands for others, and what is due follows from its state alone: after a crash at any line,
 * folding the events again and asking `react` gives the same commands.
 */
export interface Process<Event, Command, State> {
  readonly evolve: (state: State, event: Event) => State;
  readonly initialState: () => State;
  /** The commands that are due now, in order; `[]` when the process waits or has ended. */
  readonly react: (state: State) => Command[];
}

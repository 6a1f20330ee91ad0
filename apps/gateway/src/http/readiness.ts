export type Checks = Readonly<Record<string, () => Promise<void>>>;

/** The state of everything that the gateway needs to do its work. */
export class Readiness {
  /** @param accepting whether the gateway takes requests: not when it is on its way out */
  constructor(
    readonly checks: Checks,
    readonly accepting: () => boolean = () => true,
  ) {}

  async check(): Promise<Record<string, 'up' | 'down'>> {
    const states = await Promise.all(
      Object.entries(this.checks).map(async ([name, check]) => {
        const state = await check().then(
          () => 'up' as const,
          () => 'down' as const,
        );
        return [name, state] as const;
      }),
    );
    return Object.fromEntries(states);
  }
}

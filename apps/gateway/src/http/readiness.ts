export type Checks = Readonly<Record<string, () => Promise<void>>>;

/** The state of everything that the gateway needs to do its work. */
export class Readiness {
  constructor(readonly checks: Checks) {}

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

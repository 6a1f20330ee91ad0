/**
 * Options of Node for a process that only bills. What waits for its commit outlives many a small
 * collection; young spaces of 16 MiB let those grow to pauses of 6 to 16 ms beside a busy PostgreSQL,
 * of 2 MiB to under 5. A process that does more than bill is better off with the default.
 */
export const billingNodeOptions: readonly string[] = ['--max-semi-space-size=2'];

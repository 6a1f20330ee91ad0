/**
 * Options of Node for a process that only bills. What waits for its commit outlives many a small
 * collection, and the larger the young space, the longer each lasts: with the default of 16 MiB they are
 * what the slowest of a hundred answers consist of. A process that does more than bill is better off with the default.
 */
export const billingNodeOptions: readonly string[] = ['--max-semi-space-size=2'];

/** The one reader of the environment here. */
export const environment = {
  /** Connects to one service's database; without it the local installation is looked for. */
  databaseUrl: process.env['DATABASE_URL'] || undefined,
};

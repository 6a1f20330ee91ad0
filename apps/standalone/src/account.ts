import { newId, openAccount, parseCredits } from '@safelight/contracts';
import { connectBus, RequestClient } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import type { Home } from './home.js';

const OPENING_CREDITS = '500';

export interface LocalAccount {
  readonly accountId: string;
  readonly apiKey: string;
}

/** The account of this laptop: opened with 500 credits at the first start, remembered after that. */
export async function localAccount(
  home: Home,
  natsUrl: string,
  telemetry: Telemetry,
): Promise<LocalAccount> {
  if (home.memory.account !== null) return home.memory.account;
  const bus = await connectBus({ url: natsUrl, name: 'standalone', logger: telemetry.logger });
  try {
    const opened = await new RequestClient(bus, telemetry).request(openAccount, {
      accountId: newId('acc'),
      name: 'This computer',
      grantMicros: parseCredits(OPENING_CREDITS),
    });
    const account = { accountId: opened.accountId, apiKey: opened.apiKey };
    await home.remember({ account });
    return account;
  } finally {
    await bus.close();
  }
}

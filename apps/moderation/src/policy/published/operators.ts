import { createPool } from '@safelight/postgres';
import { compiledJudge } from '../compiled.js';
import { policyV1 } from '../policy.v1.js';
import { floorDemands } from './floor-demands.js';
import type { Policy, PolicyCommand } from './life.js';
import { looseningsOf } from './loosening.js';
import { digestOfPolicy, type PolicyFile, PolicyRefused, readPolicyFile } from './policy-file.js';
import { type DatedPolicyEvent, PolicyStore } from './policy-store.js';

/** A document that may be published, as far as its words go. @throws PolicyRefused */
export function checkPolicy(text: string): { document: PolicyFile; digest: string } {
  const document = readPolicyFile(text);
  const faults = looseningsOf(document, compiledJudge(policyV1), floorDemands);
  if (faults.length > 0) throw new PolicyRefused(faults);
  return { document, digest: digestOfPolicy(document) };
}

/**
 * @param databaseUrl of moderation's runtime role
 * @returns the digest that is to be approved of
 * @throws PolicyRefused; DomainError as the decider
 */
export async function draftPolicy(databaseUrl: string, text: string, by: string): Promise<string> {
  const { document, digest } = checkPolicy(text);
  const command = { type: 'DraftPolicy', policy: digest, by, document } as const;
  await withStore(databaseUrl, (store) => store.handle(command));
  return digest;
}

/** @returns whether it changed anything. @throws PolicyRefused; DomainError as the decider */
export async function movePolicy(
  databaseUrl: string,
  command: Exclude<PolicyCommand, { type: 'DraftPolicy' }>,
): Promise<boolean> {
  return withStore(databaseUrl, async (store) => {
    if (command.type !== 'RetirePolicy') await requireNoLoosening(store, command.name);
    return (await store.handle(command)).length > 0;
  });
}

/** What is compiled in may demand more than when the document was drafted. */
async function requireNoLoosening(store: PolicyStore, name: string): Promise<void> {
  for (const { document, stage } of (await store.policies()).values()) {
    if (document.name === name && stage !== 'retired') checkPolicy(JSON.stringify(document));
  }
}

/** All policies, those that are retired too, and all that happened to them. */
export const knownPolicies = async (
  databaseUrl: string,
): Promise<{ policies: Policy[]; history: DatedPolicyEvent[] }> =>
  withStore(databaseUrl, async (store) => ({
    policies: [...(await store.policies()).values()],
    history: await store.history(),
  }));

async function withStore<Result>(
  url: string,
  run: (store: PolicyStore) => Promise<Result>,
): Promise<Result> {
  const pool = createPool({ url, applicationName: 'ops', max: 1 });
  try {
    return await run(new PolicyStore(pool));
  } finally {
    await pool.end();
  }
}

import { readFile } from 'node:fs/promises';
import { sentenceOf, verifyLedger, type Verdict, type VerifyOptions } from '@safelight/billing';
import { ProofRefused, verifySignedHead, type PublishedKey, type SignedHead } from '@safelight/sdk';
import { z } from 'zod';
import { badUsage, command, ended, type Surroundings } from './command.js';

const publishedKey = z.object({
  key_id: z.string(),
  algorithm: z.string(),
  public_key: z.base64(),
});

/** `npm run ops -- ledger verify`: recomputes the ledger's whole history from its rows. */
export const verify = command({
  noun: 'ledger',
  verb: 'verify',
  about: 'Recompute the whole ledger and compare it with its blocks, heads and balances',
  options: {
    key: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      about: 'published keys that were kept elsewhere (JSON); those in the database otherwise',
    },
    head: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      about: 'a signed head that was kept elsewhere (JSON): the history must contain it',
    },
    quiet: { type: 'boolean', about: 'say only what differs' },
  },
  run: async ({ key = [], head = [], quiet }, surroundings) => {
    const keys = (await Promise.all(key.map(keysIn))).flat();
    const saved = await Promise.all(head.map((file) => headIn(file, keys)));
    const tell = quiet === true ? () => undefined : surroundings.say;
    const verdict = await verifyLedger({
      url: await surroundings.databaseUrl('billing'),
      saved,
      onProgress: progressTo(tell),
      ...(keys.length === 0 ? {} : { keys: keys.map(storedOf) }),
    });
    return concluded(verdict, tell, surroundings);
  },
});

function concluded(
  verdict: Verdict,
  tell: (line: string) => void,
  { say }: Pick<Surroundings, 'say'>,
) {
  const { entries, blocks, heads, unsealed, differences } = verdict;
  tell(`${entries} entries in ${blocks} blocks, ${heads} signed heads, ${unsealed} not sealed yet`);
  if (differences.length === 0) {
    tell('Everything is as it was sealed.');
    return ended.fine;
  }
  say(`The ledger is not as it was sealed. The first difference:`);
  for (const difference of differences) say(`  ${sentenceOf(difference)}`);
  return ended.foundSomething;
}

const EVERY = 250_000;

/** Says now and then how far it has come. */
function progressTo(tell: (line: string) => void): (entries: number) => void {
  let next = EVERY;
  return (entries) => {
    if (entries < next) return;
    tell(`  ${entries} entries`);
    next = entries + EVERY;
  };
}

/** What a file holds, alone or as an answer of the API, `{ "data": … }`. */
async function jsonIn(file: string): Promise<unknown> {
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as { data?: unknown } | null;
    return read?.data ?? read;
  } catch (error) {
    throw badUsage(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function keysIn(file: string): Promise<PublishedKey[]> {
  const read = z
    .array(publishedKey)
    .min(1)
    .safeParse(await jsonIn(file));
  if (read.success) return read.data;
  throw badUsage(`${file} holds no published keys, as GET /api/v1/ledger/keys answers them`);
}

/** Its signature is verified by the keys that were given: by those of the database it would prove nothing. */
async function headIn(
  file: string,
  keys: readonly PublishedKey[],
): Promise<NonNullable<VerifyOptions['saved']>[number]> {
  if (keys.length === 0) throw badUsage('--head needs --key: by which key is it signed?');
  const head = (await jsonIn(file)) as SignedHead;
  try {
    verifySignedHead(head, keys);
  } catch (error) {
    if (error instanceof ProofRefused) throw badUsage(`${file}: ${error.message}`);
    throw error;
  }
  return {
    treeSize: head.tree_size,
    rootHash: Buffer.from(head.root_hash, 'hex'),
    blockHeight: head.block_height,
    blockHash: Buffer.from(head.block_hash, 'hex'),
  };
}

const storedOf = ({ key_id, public_key }: PublishedKey) => ({
  keyId: key_id,
  publicKey: Buffer.from(public_key, 'base64'),
});

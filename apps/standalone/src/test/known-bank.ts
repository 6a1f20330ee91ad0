import { newId, screenPrompt } from '@safelight/contracts';
import { importBank, retireBank } from '@safelight/moderation';
import { hexOf, type Pdq } from '@safelight/perceptual-hash';
import { eventually } from '@safelight/testing';
import type { Fleet } from './fleet.js';

/** What receipts say of the banks. */
async function banksNamed(fleet: Fleet): Promise<string> {
  const ids = { jobId: newId('job'), accountId: newId('acc') };
  const question = { ...ids, prompt: 'a lake', negativePrompt: '' };
  return (await fleet.requests.request(screenPrompt, question)).receipt.hashBanks?.join() ?? '';
}

/** Puts a bank of one picture in force, and waits until moderation says so. */
export async function bringBank(fleet: Fleet, { hashes, quality }: Pdq): Promise<void> {
  const bank = { name: 'synthetic', provenance: 'made for a test', replaces: false };
  const text = `${hexOf(hashes[0]!)},${quality}`;
  await importBank(fleet.postgres.socketUrl, { ...bank, text, kind: undefined });
  await eventually(async () => (await banksNamed(fleet)).startsWith('synthetic: 1 pdq'));
}

/** Takes it out of force again. */
export async function retireBankOf(fleet: Fleet): Promise<void> {
  await retireBank(fleet.postgres.socketUrl, 'synthetic', 'the test is over');
  await eventually(async () => (await banksNamed(fleet)) === 'no external bank loaded');
}

import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Receipt } from '@safelight/contracts';
import { getReceiptKeys, newId, screenPrompt, verifyReceipt } from '@safelight/contracts';
import { SealedObjects } from '@safelight/object-store';
import { createPool } from '@safelight/postgres';
import { eventually } from '@safelight/testing';
import sharp, { type Region } from 'sharp';
import { knownPortraits } from './images/known-answers.js';
import { knownImageDigest, ModerationWorld } from './test/moderation-world.js';
import { fictionalPerson } from './test/refused-requests.js';
import { scene } from './test/scene.js';

let world: ModerationWorld;
beforeAll(async () => {
  world = await ModerationWorld.start();
  // Two instances share the questions, as in a deployment.
  await Promise.all([world.runService(), world.runService()]);
}, 90_000);
afterAll(() => world.stop());

const accountId = newId('acc');
const ask = async (prompt: string, jobId = newId('job'), account = accountId) => {
  const request = { jobId, accountId: account, prompt, negativePrompt: '' };
  return (await world.client.request(screenPrompt, request)).receipt;
};

interface Beside {
  readonly prompt: string;
  readonly image: Buffer;
  readonly mask?: Buffer;
  /** Of the picture as it was sent. */
  readonly digest?: string;
}

async function beside({ prompt, image, mask, digest }: Beside): Promise<Receipt> {
  const jobId = newId('job');
  const objects = new SealedObjects(world.store);
  const sent = async (role: 'image' | 'mask', bytes: Buffer) => {
    const key = `jobs/${jobId}/inputs/${role}`;
    const digests = ['2'.repeat(64), digest ?? '1'.repeat(64)];
    const sealed = { key, ...(await objects.put(key, bytes)) };
    return { role, digests, mediaType: 'image/png' as const, sealed };
  };
  const pictures = [await sent('image', image), ...(mask ? [await sent('mask', mask)] : [])];
  const words = { jobId, accountId, prompt, negativePrompt: '', operation: 'edit' as const };
  return (await world.client.request(screenPrompt, { ...words, pictures })).receipt;
}

/** White where it is to be repainted. */
function masked(width: number, height: number, white: Region): Promise<Buffer> {
  const plain = (size: { width: number; height: number }, background: string) => ({
    create: { width: size.width, height: size.height, channels: 3 as const, background },
  });
  const { left, top } = white;
  const over = [{ input: plain(white, '#fff'), left, top }];
  return sharp(plain({ width, height }, '#000')).composite(over).png().toBuffer();
}

describe('screening a prompt', () => {
  it('passes and refuses with receipts that verify by the key it publishes', async () => {
    const passed = await ask('a castle above the clouds');
    const blocked = await ask(`${fictionalPerson} naked`);
    expect(passed).toMatchObject({ verdict: 'pass', ruleId: null, stage: 'prompt', accountId });
    expect(blocked).toMatchObject({ verdict: 'block', ruleId: 'F4', category: 'named-people' });
    const { keys } = await world.client.request(getReceiptKeys, {});
    const { keyId, publicKey } = keys[0]!;
    const der = Buffer.from(publicKey, 'base64');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    for (const receipt of [passed, blocked]) {
      expect(receipt.keyId).toBe(keyId);
      expect(verifyReceipt(key, receipt)).toBe(true);
      expect(verifyReceipt(key, { ...receipt, verdict: 'pass', ruleId: 'none' })).toBe(false);
    }
  });

  it('answers a repeated question with the first receipt, whoever of two instances is asked', async () => {
    const jobId = newId('job');
    const receipts = await Promise.all(
      Array.from({ length: 60 }, () => ask('a quiet lake', jobId)),
    );
    expect(new Set(receipts.map(({ decisionId }) => decisionId)).size).toBe(1);
    expect(await ask('a quiet lake', jobId)).toEqual(receipts[0]);
    expect(await world.decisions('job_id = $1', jobId)).toHaveLength(1);
  });

  it('decides anew about other words of the same job', async () => {
    const jobId = newId('job');
    const [lake, blocked] = [await ask('a lake', jobId), await ask('undress her', jobId)];
    expect([lake.verdict, blocked.verdict]).toEqual(['pass', 'block']);
    expect(await ask('a lake', jobId)).toEqual(lake);
  });

  it('gives each of many questions at once its own answer', async () => {
    const prompts = Array.from({ length: 400 }, (_, i) => (i % 3 ? `lake ${i}` : `nude ${i}`));
    const receipts = await Promise.all(prompts.map((prompt) => ask(prompt)));
    const expected = prompts.map((prompt) => (prompt.startsWith('nude') ? 'block' : 'pass'));
    expect(receipts.map(({ verdict }) => verdict)).toEqual(expected);
    expect(new Set(receipts.map(({ decisionId }) => decisionId)).size).toBe(400);
  });

  it('holds words beside a picture to stricter rules, and says so', async () => {
    const prompt = 'make the shirt sheer';
    const alone = await ask('a shirt, sheer silk on a hanger');
    expect([alone.verdict, alone.classifiers]).toEqual(['pass', ['safelight-words/3']]);
    const landscape = await scene(1).png().toBuffer();
    const refused = await beside({ prompt, image: landscape });
    expect(refused).toMatchObject({ verdict: 'block', ruleId: 'F2', category: 'real-people' });
    const passed = await beside({ prompt: 'replace the sky with a sunset', image: landscape });
    expect(passed.verdict).toBe('pass');
    expect(passed.classifiers).toContain('safelight-words-beside-picture/3');
    const known = await beside({ prompt: '', image: landscape, digest: knownImageDigest });
    expect(known).toMatchObject({ verdict: 'block', ruleId: 'F5' });
    expect(JSON.stringify(passed)).not.toContain('2'.repeat(64));
  });

  it('looks into the pictures, and lets nobody be changed where nobody can say how', async () => {
    const people = await knownPortraits();
    const [{ width }, prompt] = [await sharp(people).metadata(), 'a bunch of sunflowers'];
    const passed = await beside({ prompt, image: people });
    expect(passed).toMatchObject({ verdict: 'pass', ruleId: null });
    expect(passed.classifiers.join()).toMatch(/persons.*nudity.*combination/);
    const small = await sharp(people).resize(26, 13, { fit: 'fill' }).png().toBuffer();
    const enlarged = { fit: 'fill', kernel: 'nearest' } as const;
    const mosaic = await sharp(small).resize(width, 154, enlarged).png().toBuffer();
    const unclear = { verdict: 'block', ruleId: 'F6', category: 'unclear-picture' };
    expect(await beside({ prompt, image: mosaic })).toMatchObject(unclear);
    const mask = await masked(width, 154, { left: 0, top: 110, width, height: 44 });
    const held = { verdict: 'block', ruleId: 'F6', category: 'unclear-edit' };
    expect(await beside({ prompt, image: people, mask })).toMatchObject(held);
    const dressed = await beside({ prompt: 'a warm red coat', image: people, mask });
    expect(dressed).toMatchObject({ verdict: 'pass' });
    const faces = await masked(width, 154, { left: 20, top: 20, width: 110, height: 110 });
    const noConsent = { verdict: 'block', ruleId: 'F3', category: 'consent' };
    expect(await beside({ prompt, image: people, mask: faces })).toMatchObject(noConsent);
  });

  it('keeps the receipt as it was given, and no words', async () => {
    const jobId = newId('job');
    const receipt = await ask('a lighthouse of zanzibarite', jobId);
    const [row] = await world.decisions('job_id = $1', jobId);
    expect(JSON.parse(String(row!['receipt']))).toEqual(receipt);
    expect(JSON.stringify(row)).not.toContain('zanzibarite');
  });

  it('tells nothing about a job to another account', async () => {
    const jobId = newId('job');
    await ask('a lake', jobId);
    await expect(ask('a lake', jobId, newId('acc'))).rejects.toMatchObject({
      code: 'decision.foreign_job',
    });
  });
});

describe('the record of decisions', () => {
  const changes = [
    `update moderation.decisions set verdict = 'pass', rule_id = null`,
    `delete from moderation.decisions`,
    `truncate moderation.decisions cascade`,
  ];

  it.each(changes)('refuses to the service and to the owner alike: %s', async (statement) => {
    await ask('undress her');
    const runtime = createPool({ url: world.env['DATABASE_URL']!, applicationName: 'test' });
    const before = await world.decisions('true');
    await expect(runtime.query(statement)).rejects.toMatchObject({ code: '42501' });
    await expect(world.ownerPool.query(statement)).rejects.toMatchObject({ code: '42501' });
    await runtime.end();
    expect(await world.decisions('true')).toEqual(before);
  });
});

describe('a service that cannot check rightly', () => {
  it.each(['RECEIPT_KEY_FILE', 'KNOWN_IMAGES_FILE', 'NAMED_PEOPLE_FILE', 'PROVIDERS_FILE'])(
    'does not start without its %s',
    async (variable) => {
      const env = { ...world.env, [variable]: join(world.folder, 'absent') };
      await expect(world.runService(env)).rejects.toThrow(/cannot be read/);
    },
  );
});

it('a service without the master key of cases does not start', async () => {
  const env = { ...world.env, CASE_KEY_FILE: join(world.folder, 'absent') };
  await expect(world.runService(env)).rejects.toThrow(/CASE_KEY_FILE.*is not there/);
});

describe('fail closed', () => {
  const tries = async (jobId: string): Promise<Receipt | undefined> =>
    ask('a quiet lake', jobId).catch(() => undefined);
  const jobs = (count: number) => Array.from({ length: count }, () => newId('job'));

  it('passes nothing while the database is away, and works again after', async () => {
    const asked = jobs(20);
    await world.databaseGone(true);
    const answers = await Promise.all(asked.map(tries));
    expect(answers.filter((receipt) => receipt !== undefined)).toEqual([]);
    await world.databaseGone(false);
    expect(await eventually(() => ask('a quiet lake'))).toMatchObject({ verdict: 'pass' });
    // The other instance may need a moment more to hear of banks again.
    expect(await eventually(() => ask('undress her'))).toMatchObject({ verdict: 'block' });
    expect(await world.decisions('job_id = any($1)', `{${asked.join(',')}}`)).toEqual([]);
  });

  it('passes nothing once the database has died under load', async () => {
    const asked = jobs(300);
    const answering = Promise.all(asked.map(tries));
    // An instance that has not yet heard of banks again since the loss above refuses, as it should.
    expect(await eventually(() => ask('a quiet lake'))).toMatchObject({ verdict: 'pass' });
    world.postgres.server.kill('SIGKILL');
    await world.postgres.server.exited;
    await answering;
    const after = await Promise.all(jobs(10).map(tries));
    expect(after.filter((receipt) => receipt !== undefined)).toEqual([]);
  });
});

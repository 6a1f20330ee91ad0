import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acceptedAnswer, newId, problemDocument } from '@safelight/contracts';
import { SealedObjects } from '@safelight/object-store';
import { Api, type Answered } from '../test/api.js';
import { accountWith, gatewayDatabase } from '../test/gateway-database.js';
import { plain, png } from '../test/pictures.js';
import { runningGateway } from '../test/running-gateway.js';

const database = gatewayDatabase();
const gateway = runningGateway(database);
let api: Api;
let image: string;
beforeAll(async () => {
  api = new Api(gateway, (await accountWith(database)).apiKey);
  image = (await png()).toString('base64');
});
beforeEach(() => {
  gateway.submissions.length = 0;
  gateway.refusing = undefined;
});

/** What the orchestrator was told, with the pictures that its keys open. */
async function submitted() {
  const [submission] = gateway.submissions;
  if (submission === undefined) throw new Error('nothing was submitted');
  const { spec, content } = submission;
  const objects = new SealedObjects(gateway.store);
  const pictures = await Promise.all(
    spec.inputs.map(({ key, digest }, at) =>
      objects.open(key, content.inputs[at]?.dataKey ?? '', digest),
    ),
  );
  return { spec, content, pictures, jobId: submission.jobId, needs: submission.needs };
}
const codeOf = ({ json }: Answered) => {
  const { status, code, errors } = problemDocument.parse(json);
  return [status, code, errors?.[0]?.pointer];
};

describe('a picture in a request', () => {
  it('reaches the orchestrator sealed, with what opens it among the words alone', async () => {
    const { status, json } = await api.post('/generate', { prompt: 'a lake', image });
    expect([status, acceptedAnswer.parse(json).data.status]).toEqual([202, 'pending']);
    const { spec, content, pictures, jobId } = await submitted();
    expect(spec).toMatchObject({ operation: 'generate', strength: null, width: 1024 });
    const [input] = spec.inputs;
    expect(input).toMatchObject({ role: 'image', width: 64, height: 48, mediaType: 'image/png' });
    expect(input?.key.startsWith(`jobs/${jobId}/inputs/`)).toBe(true);
    expect(pictures[0]?.subarray(1, 4).toString()).toBe('PNG');
    expect(content.inputs[0]?.digests).toHaveLength(2);
    expect(JSON.stringify(spec)).not.toContain(content.inputs[0]?.dataKey);
  });

  it('can be an upload, used again and again, each time as a copy', async () => {
    const { id } = await api.uploaded(await png(80, 60));
    await api.post('/upscale', { image: id, scale: 4 });
    await api.post('/upscale', { image: id });
    const [first, second] = gateway.submissions.map(({ spec }) => spec);
    expect(first).toMatchObject({ operation: 'upscale', scale: 4, width: 320, height: 240 });
    expect(second).toMatchObject({ operation: 'upscale', scale: 2, width: 160, height: 120 });
    expect(first?.inputs[0]?.key).not.toBe(second?.inputs[0]?.key);
    expect((await submitted()).pictures[0]?.length).toBeGreaterThan(60);
  });

  it('of another account names nothing', async () => {
    const { id } = await api.uploaded(await png());
    const stranger = new Api(gateway, (await accountWith(database)).apiKey);
    const foreign = await stranger.post('/upscale', { image: id });
    const never = await stranger.post('/upscale', { image: newId('upl') });
    expect(codeOf(foreign)).toEqual([404, 'NOT_FOUND', '/image']);
    expect(codeOf(never)).toEqual(codeOf(foreign));
    expect(foreign.json.detail).toBe(never.json.detail);
    expect(gateway.submissions).toEqual([]);
  });

  it('is not kept when its job is refused', async () => {
    gateway.refusing = 'account.unknown';
    const { status } = await api.post('/upscale', { image });
    expect(status).toBe(402);
    const key = gateway.submissions[0]?.spec.inputs[0]?.key ?? '';
    expect(await gateway.store.exists(key)).toBe(false);
  });

  it('is kept when nobody knows whether its job was taken on', async () => {
    gateway.refusing = 'service.unavailable';
    await api.post('/upscale', { image });
    const key = gateway.submissions[0]?.spec.inputs[0]?.key ?? '';
    expect(await gateway.store.exists(key)).toBe(true);
  });
});

describe('an edit', () => {
  it('brings image and mask, and is as large as its image', async () => {
    const mask = (await png()).toString('base64');
    const { status } = await api.post('/edit', { prompt: 'a hat', image, mask, seed: 5 });
    expect(status).toBe(202);
    const { spec, pictures } = await submitted();
    expect(spec).toMatchObject({ operation: 'edit', width: 64, height: 48, strength: 1, seed: 5 });
    expect(spec.inputs.map(({ role }) => role)).toEqual(['image', 'mask']);
    expect(pictures).toHaveLength(2);
  });

  it('lets the model find what to repaint', async () => {
    await api.post('/edit', { prompt: 'a meadow', image, automask: 'background' });
    expect((await submitted()).spec).toMatchObject({ automask: 'background' });
  });

  const bad = async () => ({
    small: (await png(32, 32)).toString('base64'),
    jpeg: (await plain(64, 48).jpeg().toBuffer()).toString('base64'),
  });
  it('refuses a mask of another size or kind, or none, or two ways to say it', async () => {
    const { small, jpeg } = await bad();
    const prompt = 'a hat';
    const bodies: [object, string][] = [
      [{ prompt, image, mask: small }, '/mask'],
      [{ prompt, image, mask: jpeg }, '/mask'],
      [{ prompt, image }, '/mask'],
      [{ prompt, image, mask: image, automask: 'subject' }, '/mask'],
      [{ prompt, image, automask: 'clothes' }, '/automask'],
      [{ prompt, automask: 'subject' }, '/image'],
      [{ image, automask: 'subject' }, '/prompt'],
    ];
    for (const [body, pointer] of bodies) {
      expect(codeOf(await api.post('/edit', body))).toEqual([422, 'VALIDATION_ERROR', pointer]);
    }
    expect(gateway.submissions).toEqual([]);
  });
});

const unit = { model: 'a', image: 'x' };
describe('fields that few models honour', () => {
  it.each([
    [{ sampler: 'Eulers' }, '/sampler'],
    [{ clip_skip: 13 }, '/clip_skip'],
    [{ loras: Array.from({ length: 6 }, () => ({ model: 'a' })) }, '/loras'],
    [{ loras: [{ model: 'a', strength: 2 }] }, '/loras/0/strength'],
    [{ ip_adapters: [{ model: 'a' }] }, '/ip_adapters/0/image'],
    [{ controlnet: { units: [] } }, '/controlnet/units'],
    [
      { controlnet: { units: [{ ...unit, guidance_start: 1 }] } },
      '/controlnet/units/0/guidance_end',
    ],
    [{ resolution: '3k' }, '/resolution'],
    [{ resolution: '1k', width: 1024 }, '/resolution'],
    [{ ip_adapters: [unit], visibility: 'public' }, '/visibility'],
    [{ strength: 0.5 }, '/strength'],
  ])('are checked: %j', async (fields, pointer) => {
    const answer = await api.post('/generate', { prompt: 'a lake', ...fields });
    expect(codeOf(answer)).toEqual([422, 'VALIDATION_ERROR', pointer]);
  });
});

describe('faces and videos', () => {
  const face = () => ({ image, face: image });
  const video = { video: 'https://example.com/a.mp4' };
  it('need consent, whatever else is asked', async () => {
    const consent = [400, 'CONSENT_REQUIRED', '/biometric_consent'];
    expect(codeOf(await api.post('/face-swap', face()))).toEqual(consent);
    const refused = { ...face(), biometric_consent: false };
    expect(codeOf(await api.post('/face-swap', refused))).toEqual(consent);
    expect(codeOf(await api.post('/face-swap-video', { ...video, face: image }))).toEqual(consent);
  });

  it('need payments first for a video, and an address of its own that is public', async () => {
    const body = { ...video, face: image, biometric_consent: true };
    expect(codeOf(await api.post('/face-swap-video', body)).slice(0, 2)).toEqual([
      402,
      'PAYMENT_REQUIRED',
    ]);
    gateway.paidCents = 9_999;
    const almost = await api.post('/face-swap-video', body);
    expect(almost.json).toMatchObject({
      ...{ code: 'PAYMENT_REQUIRED', payments_needed_usd: '100.00' },
      payments_completed_usd: '99.99',
    });
    gateway.paidCents = 10_000;
    const inside = { ...body, video: 'https://127.0.0.1/a.mp4' };
    const refused = [422, 'VALIDATION_ERROR', '/video'];
    expect(codeOf(await api.post('/face-swap-video', inside))).toEqual(refused);
    const analysis = await api.post('/face-swap-video/analyze', { video: inside.video });
    expect(codeOf(analysis)).toEqual(refused);
    expect(gateway.submissions).toEqual([]);
  });

  it('are held to the strictest check, and to models that may work on faces', async () => {
    const body = { ...face(), biometric_consent: true, moderation: { level: 0 } };
    const { json } = await api.post('/face-swap', body);
    expect(acceptedAnswer.parse(json).meta.warnings).toMatchObject([{ code: 'stand_in' }]);
    expect((await submitted()).spec).toMatchObject({
      ...{ moderationLevel: 2, model: 'builtin/face-stand-in' },
    });
    const other = await api.post('/face-swap', { ...body, model: 'studio/portraits' });
    expect(codeOf(other)).toEqual([422, 'VALIDATION_ERROR', '/model']);
    expect(gateway.submissions).toHaveLength(1);
  });

  it('reach the dispatcher as what they are', async () => {
    await api.post('/face-swap', { ...face(), biometric_consent: true });
    const { spec } = await submitted();
    expect([spec.operation, spec.inputs.map(({ role }) => role)]).toEqual([
      'face-swap',
      ['image', 'face'],
    ]);
    await api.post('/video', { prompt: 'waves', seconds: 2 });
    expect(gateway.submissions[1]?.spec).toMatchObject({ operation: 'video', seconds: 2, fps: 24 });
  });
});

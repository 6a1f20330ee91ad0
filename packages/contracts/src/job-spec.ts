import { z } from 'zod';
import { modelParts } from './model-parts.js';
import { consentId, digest, jobOperation, lane, outputMediaType } from './scalars.js';

/**
 * What a picture that a customer sent is for. `mask`: white is to be repainted; `reference` lends its
 * looks through an IP-Adapter, `control` its structure through a ControlNet; `video` is not a picture
 * but a film of them.
 */
export const inputRole = z.enum(['image', 'mask', 'face', 'reference', 'control', 'video']);
export type InputRole = z.infer<typeof inputRole>;

/** What the account's plan says of its part in the fleet, as it was when the job was submitted. */
export const planShare = z.object({
  /** Of GPU time, against the other accounts' weights; 1 is everybody's. */
  weight: z.number().positive(),
  /** Most jobs that run at the same moment; what is beyond it waits. */
  runningMax: z.int().min(1).nullable(),
});
export type PlanShare = z.infer<typeof planShare>;

/** A picture that a job begins with, as events may know it. */
export const jobInput = z.object({
  role: inputRole,
  /** Key of the sealed object; belongs to one job. */
  key: z.string(),
  /** Of the sealed object, not of the picture: it tells nobody which picture that was. */
  digest,
  mediaType: outputMediaType,
  width: z.int(),
  height: z.int(),
});
export type JobInput = z.infer<typeof jobInput>;

/**
 * How a job of a test key is to go: `fail` and `block` as if the engine or the policy had said so,
 * `slow` takes its time first. Can only add a refusal, never spare one.
 */
export const testOutcome = z.enum(['pass', 'fail', 'block', 'slow']);
export type TestOutcome = z.infer<typeof testOutcome>;

/** Of a request to a model that is priced by them. */
export const resolutionHint = z.enum(['1k', '2k', '4k', '8k'], 'must be 1k, 2k, 4k or 8k');
export const qualityHint = z.enum(['medium', 'high'], 'must be medium or high');

/**
 * What an engine is to do, without the words and the pictures: safe to put into events. Fields with
 * a default came later than the first events.
 */
export const jobSpec = z.object({
  operation: jobOperation,
  model: z.string(),
  width: z.int(),
  height: z.int(),
  steps: z.int(),
  guidance: z.number(),
  images: z.int().min(1).max(8),
  /** Seed of the first image (uint32); image i uses seed + i. */
  seed: z.int(),
  format: z.enum(['png', 'jpeg', 'webp']),
  lane,
  moderationLevel: z.int().min(0).max(2),
  /** The owner shows the results to everybody. */
  visibility: z.literal('public').optional(),
  /** The outputs are copied into a bucket of the owner's; whoever copies knows which. */
  storage: z.literal('s3').optional(),
  /** The findings of the output check are told with the outputs, at a price. */
  detection: z.literal(true).optional(),
  /** Only in jobs of test keys: nothing is charged, and built-in models alone are used. */
  test: z.object({ outcome: testOutcome }).optional(),
  inputs: z.array(jobInput).default([]),
  /** Which part of a mask is repainted. */
  repaint: z.enum(['white', 'black', 'transparent']).default('white'),
  /** How far an image is left behind: 0 keeps it, 1 ignores it. */
  strength: z.number().min(0).max(1).nullable().default(null),
  /** What an edit repaints where no mask was sent. */
  automask: z.enum(['subject', 'background']).nullable().default(null),
  /** How many times wider and higher an upscaled image gets. */
  scale: z
    .union([z.literal(2), z.literal(4)])
    .nullable()
    .default(null),
  /** Of a video. */
  seconds: z.number().positive().nullable().default(null),
  fps: z.int().positive().nullable().default(null),
  /** Hints that the price, the size and the steps were made of; absent where a request had none. */
  resolution: resolutionHint.optional(),
  quality: qualityHint.optional(),
  /** Absent where a job uses nothing beside its model. */
  parts: modelParts.optional(),
  /** A dedicated pool of the account's; the shared ones otherwise. */
  pool: z.string().optional(),
  /** The dispatcher chose the pool, nobody asked for it: the job made again may go elsewhere. */
  poolChosen: z.literal(true).optional(),
  /** The recorded consent that work on a face leans on; absent where none was named. */
  consent: consentId.optional(),
  /** GPU memory that its model needs, where that is known and not nothing. Bytes. */
  vramBytes: z.int().min(0).optional(),
  /** Absent where the account's plan says nothing of it. */
  share: planShare.optional(),
});
export type JobSpec = z.infer<typeof jobSpec>;

/** As asked for: the dispatcher chooses the model and its steps where the customer did not. */
export const askedSpec = jobSpec.extend({
  model: z.string().nullable(),
  steps: z.int().nullable(),
});
export type AskedSpec = z.infer<typeof askedSpec>;

/** What opens a sealed picture: personal content, never in an event. */
export const inputSecret = z.object({
  /** Random, for this object alone; base64. Without it nobody can look at the picture. */
  dataKey: z.base64(),
  /** Of the picture as it was sent, and as it was drawn anew. */
  digests: z.array(digest).min(1),
});
export type InputSecret = z.infer<typeof inputSecret>;

/** The words, and the keys to the pictures: personal content, never in an event. */
export const jobContent = z.object({
  prompt: z.string(),
  negativePrompt: z.string(),
  /** What the customer wrote, where styles have changed it. */
  asked: z
    .object({ prompt: z.string(), negativePrompt: z.string(), styles: z.array(z.string()) })
    .optional(),
  /** In the order of the spec's inputs. */
  inputs: z.array(inputSecret).default([]),
});
export type JobContent = z.infer<typeof jobContent>;

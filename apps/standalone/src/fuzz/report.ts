import type { Finding, FuzzReport } from './fuzz.js';

/** The report as a person reads it. */
export function reportText(
  { sent, seconds, statuses, findings }: FuzzReport,
  seed: number,
): string {
  const counts = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
  return [
    `${sent} requests in ${seconds.toFixed(1)} s (${Math.round(sent / seconds)} a second), seed ${seed}`,
    `answers ${counts.join(', ')}`,
    ...findings.map(findingText),
    findings.length === 0 ? 'every answer as documented' : `${findings.length} kinds of findings`,
  ].join('\n');
}

const SHOWN = 600;

function findingText({ complaint, request }: Finding): string {
  const { method, target, headers, body } = request;
  const text = Buffer.isBuffer(body) ? `base64 ${body.toString('base64')}` : body;
  return [
    `! ${method} ${target.slice(0, SHOWN)} ${complaint}`,
    `    headers ${JSON.stringify(headers).slice(0, SHOWN)}`,
    `    body ${(text ?? 'none').slice(0, SHOWN)}`,
  ].join('\n');
}

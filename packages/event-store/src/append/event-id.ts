import { randomUUID } from 'node:crypto';

/**
 * A fresh UUIDv7 (RFC 9562, section 5.7): a random UUID, which Node takes from a pool, with its first
 * 48 bits replaced by the time in milliseconds and its version by 7. A library's draws its own bytes
 * for each id, which for an event is more work than all else about it.
 */
export function newEventId(nowMs = Date.now()): string {
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

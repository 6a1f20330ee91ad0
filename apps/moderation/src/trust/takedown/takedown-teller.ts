import type { Telemetry } from '@safelight/telemetry';
import type { TakedownsParts } from './takedowns.js';

/** What operators hear of cases: a counter, and a line in the log that names the case and no person. */
export function takedownTeller({
  logger,
  meter,
}: Pick<Telemetry, 'logger' | 'meter'>): Pick<TakedownsParts, 'told' | 'failed'> {
  const events = meter.createCounter('moderation_takedown_events', {
    description: 'What happened in cases of reported pictures, by event; an alarm by its hours.',
  });
  return {
    told: (reportId, event) => {
      const isAlarm = event.type === 'AlarmRaised';
      events.add(1, { event: event.type, ...(isAlarm ? { hours: event.hours } : {}) });
      if (isAlarm) {
        const about = { report_id: reportId, hours: event.hours };
        logger.error(
          about,
          'nobody has decided on a reported picture yet: it is due after 48 hours',
        );
      }
    },
    failed: (reportId, err) => {
      logger.error({ err, report_id: reportId }, 'a takedown could not go on; it is tried again');
    },
  };
}

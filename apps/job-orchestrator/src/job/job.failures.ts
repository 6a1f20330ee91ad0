const messages: Readonly<Record<string, string>> = {
  'job.deadline_exceeded': 'The job was not done in time; nothing was charged.',
  'job.cancelled': 'The job was cancelled; nothing was charged.',
  'consent.revoked': 'The consent that the job leaned on was revoked; nothing was charged.',
  'account.suspended': 'The account was suspended; nothing was charged.',
  'output.blocked': 'The content policy refused every output; nothing was charged.',
  'test.failure_asked_for': 'The test key asked for a failure; nothing was charged.',
  'hold.expired':
    'The credits set aside had gone back before the job was done; nothing was charged.',
};

/**
 * An end's code in words for the customer. Words are no part of events, so that they can be
 * improved; whatever else a code is, it comes from an attempt.
 */
export const failureOf = (code: string): { code: string; message: string } => ({
  code,
  message: messages[code] ?? 'No attempt to make this succeeded; nothing was charged.',
});

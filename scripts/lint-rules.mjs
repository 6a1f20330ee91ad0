/** Rules of our own for the linter. */

/** Amounts are bigint micro-credits: a float anywhere near them loses money silently. */
const noNumberOfMicros = {
  create: (/** @type {any} */ context) => ({
    CallExpression(/** @type {any} */ { callee, arguments: [amount] }) {
      const named = amount?.type === 'Identifier' && amount.name.endsWith('Micros');
      if (callee.type === 'Identifier' && callee.name === 'Number' && named)
        context.report({ node: amount, message: 'Amounts stay bigint.' });
    },
  }),
};

export default {
  meta: { name: 'safelight' },
  rules: { 'no-number-of-micros': noNumberOfMicros },
};

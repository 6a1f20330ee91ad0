/**
 * MODEL_ALIASES of a fresh machine: requests written for other services work here as they are. Every
 * name of a model that is not on offer means the default one, and fields that it cannot honour are
 * accepted; the answers say which model it was and what was not honoured.
 */
export const freshMachineAliases = JSON.stringify({ '*': 'default', 'field:*': null });

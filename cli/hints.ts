const models = 'percall models lists the models'
const versions = 'percall versions NAME lists the versions'
const runs = 'percall runs lists the runs'
const consumers = 'percall consumer list lists the consumers'

/** The next step of a service's code in words of the command line, where the service's own speak of HTTP. */
export const commandHints: Readonly<Record<string, string>> = {
  BAD_REQUEST: 'the message names what was wrong: percall COMMAND --help lists the options and their values',
  BUDGET_TOO_SMALL: 'raise --budget, or send fewer rows with --background',
  BAD_BACKGROUND: "give rows as the model takes them with --background, or none for the version's own",
  INFERENCE_TIMEOUT: 'send fewer rows; predict and explain take --async, which has ten minutes',
  BAD_RUN: 'percall train --help lists the options and their values; docs/training.md explains them',
  UNKNOWN_INPUT: 'rename or drop the column; where it is the target, add --ignore-unknown',
  UNKNOWN_COLUMN: 'rename or drop the column; where it is the target, add --ignore-unknown',
  MISSING_INPUT: 'the rows need columns that the message names: is it the right file, and the right model?',
  UNKNOWN_TARGET: 'name one of the columns of the file with --target',
  KEY_MISSING: 'give a key with --key, PERCALL_KEY or --profile',
  UNKNOWN_MODEL: models,
  UNKNOWN_VERSION: versions,
  UNKNOWN_ALIAS: models,
  UNKNOWN_RUN: runs,
  UNKNOWN_CONSUMER: consumers,
  UNKNOWN_INVOICE: 'percall invoice CONSUMER lists the invoices',
  UNKNOWN_RECONCILIATION: 'percall reconcile begins another one',
  UNKNOWN_KEY_ID: 'percall key list CONSUMER lists the keys',
  UNKNOWN_CALL: 'percall calls lists your calls; they are kept for 2 days',
  ANSWER_GONE: 'answers are kept for 2 days; call again',
  CALL_ENDED: 'percall call ID shows how it ended',
  UNKNOWN_BATCH: 'percall batches lists your batches',
  BATCH_ENDED: 'percall batches ID shows how it ended',
  BATCH_OPEN: 'percall batches ID shows how far it is',
  UNKNOWN_REGISTRATION: 'percall registrations lists them',
  RUN_ENDED: 'percall runs ID shows how it ended',
  OUTCOME_UNKNOWN: 'the call may have been charged; percall usage shows what was',
}

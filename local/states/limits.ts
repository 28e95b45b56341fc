/** Sizes that Step Functions refuses to exceed. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
import type { Json, Variables } from './expression.ts'
import { StateError } from './state-error.ts'

/** "Maximum input or output size for a task, state, or execution: 256 KiB of data as a UTF-8 encoded string." */
export const dataSizeBytes = 256 * 1024
/** "Maximum size of a single Assign field: 256 KiB; of all stored variables in an execution: 10 MiB." */
const variablesSizeBytes = 10 * 1024 * 1024
/** "Maximum execution history size: 25,000 events." */
export const historyEvents = 25_000

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

/** The value, or States.DataLimitExceeded. */
export const withinDataLimit = <T extends Json>(what: string, value: T): T => {
  const sizeBytes = sizeOf(value)
  if (sizeBytes <= dataSizeBytes) return value
  throw new StateError('States.DataLimitExceeded', `${what}: expected at most ${dataSizeBytes} bytes, got ${sizeBytes}`)
}

/** The variables after an Assign, or States.DataLimitExceeded. */
export const assigned = (before: Variables, change: Variables): Variables => {
  withinDataLimit('the Assign field', change)
  const after = { ...before, ...change }
  const sizeBytes = sizeOf(after)
  if (sizeBytes <= variablesSizeBytes) return after
  throw new StateError(
    'States.DataLimitExceeded',
    `variables: expected at most ${variablesSizeBytes} bytes, got ${sizeBytes}`,
  )
}

import { styleText } from 'node:util'
import { errorTable } from '../src/errors.ts'
import { type Description, describeError } from './describe-error.ts'

const asJson = ({ code, message, hint, requestId, reason, retryAfterMs }: Description): string =>
  JSON.stringify({
    error: {
      ...{ code, message, hint },
      ...(reason !== undefined && { reason }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(requestId !== undefined && { requestId }),
    },
  })

const asText = ({ code, message, hint, requestId, cause, fault, reason, retryAfterMs }: Description): string =>
  [
    `${styleText('red', 'error:', { stream: process.stderr })} ${message}`,
    ...(cause ? [`  typically caused by: ${cause}`] : []),
    ...(reason === undefined ? [] : [`  reason: ${reason}`]),
    ...(retryAfterMs === undefined ? [] : [`  retry after: ${Math.ceil(retryAfterMs / 1000)} s`]),
    `  next: ${hint}`,
    // The document has the service's codes; those of the command line and of Node are in no row of it.
    ...(Object.hasOwn(errorTable, code) ? [`  docs: docs/errors.md (${code})`] : []),
    ...(fault === 'none' ? [] : [`  fault: ${fault}`]),
    ...(requestId === undefined ? [] : [`  request id: ${requestId}`]),
  ].join('\n')

/** Prints an error to stderr and gives the exit code. */
export const printError = (thrown: unknown, json: boolean): number => {
  const description = describeError(thrown)
  console.error(json ? asJson(description) : asText(description))
  return description.exitCode
}

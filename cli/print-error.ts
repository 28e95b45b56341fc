import { styleText } from 'node:util'
import { errorTable } from '../src/errors.ts'
import { type Description, describeError } from './describe-error.ts'

const asJson = ({ code, message, hint, requestId }: Description): string =>
  JSON.stringify({ error: { code, message, hint, ...(requestId !== undefined && { requestId }) } })

const asText = ({ code, message, hint, requestId, cause, fault }: Description): string =>
  [
    `${styleText('red', 'error:', { stream: process.stderr })} ${message}`,
    ...(cause ? [`  typically caused by: ${cause}`] : []),
    `  next: ${hint}`,
    // The document has the service's codes; those of the command line and of Node are in no row of it.
    ...(Object.hasOwn(errorTable, code) ? [`  docs: docs/errors.md (${code})`] : []),
    `  fault: ${fault}`,
    ...(requestId === undefined ? [] : [`  request id: ${requestId}`]),
  ].join('\n')

/** Prints an error to stderr and gives the exit code. */
export const printError = (thrown: unknown, json: boolean): number => {
  const description = describeError(thrown)
  console.error(json ? asJson(description) : asText(description))
  return description.exitCode
}

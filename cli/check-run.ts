import { closeSync, openSync, readSync } from 'node:fs'
import { extname } from 'node:path'
import type { RunRequest } from '../client/training.ts'
import { csvHeader } from '../src/dataset/csv-header.ts'
import { PercallError } from '../src/errors.ts'
import { checkRunColumns, parseRunRequest } from '../src/run/request.ts'
import { Failure } from './failure.ts'

/** As much as the service reads of a header. */
const headBytes = 1024 * 1024
const csvExtensions = ['.csv', '.tsv', '.txt']

const readHead = (file: string): string => {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(headBytes)
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, headBytes, 0))
  } finally {
    closeSync(descriptor)
  }
}

/** The columns of a CSV file, read as the service does; undefined where it alone can tell them or the fault. */
const columnsOf = (file: string): readonly string[] | undefined => {
  if (!csvExtensions.includes(extname(file).toLowerCase())) return undefined
  const head = readHead(file)
  const { names } = csvHeader(head)
  // Bytes that are no UTF-8: the service names their line.
  return names.some((name) => name.includes('\uFFFD')) ? undefined : names
}

/** Refuses what the service would refuse, before the file is stored. Throws BAD_RUN, UNKNOWN_TARGET, UNKNOWN_COLUMN. */
export const checkRun = (request: RunRequest, file: string): void => {
  const parsed = parseRunRequest(request)
  const names = columnsOf(file)
  if (!names) return
  try {
    checkRunColumns(parsed, names)
  } catch (cause) {
    if (!(cause instanceof PercallError && cause.code === 'UNKNOWN_COLUMN')) throw cause
    // The code's own hint is about calls: a run has no --ignore-unknown.
    throw new Failure(cause.code, cause.message, "give the option one of the file's own columns", { cause })
  }
}

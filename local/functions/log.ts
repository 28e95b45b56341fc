/**
 * The log of one function: `{folder}/{function}.log`, with Lambda's START, END and REPORT lines.
 * The environments write to the same file by its descriptor, so that lines keep their order without passing through us.
 * Does: rotate once at opening when the file is large. Does not: time stamps of ingestion, log streams.
 */
import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { FunctionConfiguration } from './configuration.ts'

export type Report = {
  readonly requestId: string
  readonly durationMs: number
  readonly initMs: number | undefined
  /** Absent where the platform does not tell it. */
  readonly maxMemoryMb: number | undefined
  readonly status: 'success' | 'error' | 'timeout'
}

export type FunctionLog = {
  /** File descriptor for the standard output of the environments, opened for appending. */
  readonly descriptor: number
  readonly start: (requestId: string) => void
  readonly report: (report: Report) => void
  readonly line: (text: string) => void
  readonly close: () => void
}

const rotateAtBytes = 16 * 1024 * 1024

export const openLog = (folder: string, { name, memoryMb, logFormat }: FunctionConfiguration): FunctionLog => {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.log`)
  const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (sizeBytes > rotateAtBytes) renameSync(file, `${file}.1`)
  const descriptor = openSync(file, 'a')
  const line = (text: string): void => {
    writeSync(descriptor, `${text}\n`)
  }
  const platform = (type: string, record: object): void =>
    line(JSON.stringify({ time: new Date().toISOString(), type: `platform.${type}`, record }))
  return {
    descriptor,
    line,
    start: (requestId) =>
      logFormat === 'JSON'
        ? platform('start', { requestId, version: '$LATEST' })
        : line(`START RequestId: ${requestId} Version: $LATEST`),
    report: ({ requestId, durationMs, initMs, maxMemoryMb, status }) => {
      // Since August 2025 the time of an initialization is billed too.
      const billedMs = Math.ceil(durationMs + (initMs ?? 0))
      if (logFormat === 'JSON') {
        const metrics = {
          durationMs: Number(durationMs.toFixed(3)),
          billedDurationMs: billedMs,
          memorySizeMB: memoryMb,
          ...(maxMemoryMb !== undefined && { maxMemoryUsedMB: maxMemoryMb }),
          ...(initMs !== undefined && { initDurationMs: Number(initMs.toFixed(3)) }),
        }
        platform('report', { requestId, metrics, status })
        return
      }
      const fields = [
        `REPORT RequestId: ${requestId}`,
        `Duration: ${durationMs.toFixed(2)} ms`,
        `Billed Duration: ${billedMs} ms`,
        `Memory Size: ${memoryMb} MB`,
        ...(maxMemoryMb === undefined ? [] : [`Max Memory Used: ${maxMemoryMb} MB`]),
        ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
        ...(status === 'success' ? [] : [`Status: ${status}`]),
      ]
      writeSync(descriptor, `END RequestId: ${requestId}\n${fields.join('\t')}\n`)
    },
    close: () => closeSync(descriptor),
  }
}

import type { RunBody } from '../client/training.ts'
import { outcomeText, progressOf } from './run-text.ts'

const barLength = 24
const clearLine = '\r\x1b[K'

const barOf = (run: RunBody): string => {
  const progress = progressOf(run)
  if (!progress || progress.of <= 0) return ''
  const done = Math.round((barLength * Math.min(progress.done, progress.of)) / progress.of)
  return `[${'#'.repeat(done)}${'.'.repeat(barLength - done)}] `
}

/** Shows a run as it goes on: one line that changes on a terminal, one line an event elsewhere. */
export const showProgress = (
  stream: NodeJS.WriteStream,
): { readonly show: (run: RunBody) => void; readonly end: () => void } => {
  const terminal = stream.isTTY === true
  let before = ''
  const show = (run: RunBody): void => {
    const text = `${run.state} ${barOf(run)}${outcomeText(run)}`.trimEnd()
    if (text === before) return
    before = text
    stream.write(terminal ? `${clearLine}${text.slice(0, stream.columns - 1)}` : `${text}\n`)
  }
  return { show, end: () => void (terminal && stream.write(clearLine)) }
}

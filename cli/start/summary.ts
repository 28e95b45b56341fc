import type { Running } from '../../local/main.ts'

const everyMs = 1000
const clearLine = '\r\x1b[K'

const textOf = ({ environments, requests }: Running): string => {
  const all = environments()
  const busy = all.filter((environment) => environment.busy).length
  const made = Object.values(requests()).reduce((sum, count) => sum + count, 0)
  return `${all.length} function environments, ${busy} busy; ${made} AWS requests`
}

/** Keeps one line at the end of a terminal up to date; elsewhere it shows nothing. Gives what ends it. */
export const showSummary = (running: Running): (() => void) => {
  const { stderr } = process
  if (!stderr.isTTY) return () => {}
  let shown = ''
  const timer = setInterval(() => {
    const text = textOf(running)
    if (text !== shown) stderr.write(`${clearLine}${text}`)
    shown = text
  }, everyMs)
  return () => {
    clearInterval(timer)
    stderr.write(clearLine)
  }
}

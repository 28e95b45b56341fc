import { CommanderError } from 'commander'
import { usageExitCode } from './failure.ts'
import { printError } from './print-error.ts'
import { createProgram } from './program.ts'

const words = process.argv.slice(2)
const json = words.includes('--json')
// Before anything is printed: styleText reads the variable.
if (words.includes('--no-color')) process.env.NO_COLOR = '1'
// `percall models | head` closes the pipe early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const program = createProgram(json)
try {
  await program.parseAsync(words, { from: 'user' })
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) process.exitCode = printError(thrown, json)
  // Help that was asked for ends with 0; all else that commander throws is a wrong command line.
  else process.exitCode = thrown.exitCode === 0 ? 0 : usageExitCode
}

import { CommanderError } from 'commander'
import { usageExitCode } from './failure.ts'
import { printError } from './print-error.ts'
import { createProgram } from './program.ts'

/** Does what the words of a command line say, and gives its exit code; what went wrong is on stderr by then. */
export const runWords = async (words: readonly string[]): Promise<number> => {
  const json = words.includes('--json')
  try {
    await createProgram(json).parseAsync([...words], { from: 'user' })
    return 0
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return printError(thrown, json)
    // Help that was asked for ends with 0; all else that commander throws is a wrong command line.
    return thrown.exitCode === 0 ? 0 : usageExitCode
  }
}

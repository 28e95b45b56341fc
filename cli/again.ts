import type { Command } from 'commander'
import { shellWord } from '../src/shell-word.ts'

/** Options that name a file to write, and other names: what is in it by now must stay. */
const written: Readonly<Record<string, string>> = { '--out': 'ANOTHER', '--html': 'ANOTHER.html' }

/** Of one call only, secret, or said anew. */
const leftOut: readonly string[] = ['--skip', '--key', '--idempotency-key', '--rows-per-call']

type Names = Readonly<Record<string, string>>

const givenTo = (command: Command, others: Names): readonly string[] =>
  command.options.flatMap((option) => {
    const name = option.attributeName()
    const long = option.long ?? ''
    if (command.getOptionValueSource(name) !== 'cli' || leftOut.includes(long)) return []
    const other = others[long]
    if (other !== undefined) return [long, other]
    const value: unknown = command.getOptionValue(name)
    return typeof value === 'boolean' ? [long] : [long, shellWord(String(value))]
  })

/** A command's name behind those that it is in, each with the options given to it; its arguments before its own. */
const commandLine = (command: Command, words: readonly string[], others: Names): string => {
  const before = (outer: Command | null): readonly string[] =>
    outer === null ? [] : [...before(outer.parent), outer.name(), ...givenTo(outer, others)]
  return [...before(command.parent), command.name(), ...words.map(shellWord), ...givenTo(command, others)].join(' ')
}

/** The same command, to the same service, with other arguments, without --skip, and with other files for what it writes. */
export const again = (command: Command, ...words: readonly string[]): string => commandLine(command, words, written)

/** The same command from its beginning, of which nothing is written yet, with the key of its calls. */
export const repeated = (command: Command, callsKey: string, ...words: readonly string[]): string => {
  const skip: unknown = command.getOptionValue('skip')
  const end = typeof skip === 'string' ? ` --skip ${skip}` : ''
  return `${commandLine(command, words, {})} --idempotency-key ${shellWord(callsKey)}${end}`
}

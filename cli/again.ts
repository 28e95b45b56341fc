import type { Command } from 'commander'

/** Options that name a file to write, and other names: what is in it by now must stay. */
const written: Readonly<Record<string, string>> = { '--out': 'ANOTHER', '--html': 'ANOTHER.html' }

/** Of one call only, or secret. */
const leftOut: readonly string[] = ['--skip', '--key']

const quoted = (word: string): string => (/^[\w.,:@/=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

const givenTo = (command: Command): readonly string[] =>
  command.options.flatMap((option) => {
    const name = option.attributeName()
    const long = option.long ?? ''
    if (command.getOptionValueSource(name) !== 'cli' || leftOut.includes(long)) return []
    const other = written[long]
    if (other !== undefined) return [long, other]
    const value: unknown = command.getOptionValue(name)
    return typeof value === 'boolean' ? [long] : [long, quoted(String(value))]
  })

/** The same command, to the same service, with other arguments, without --skip, and with other files for what it writes. */
export const again = (command: Command, ...words: readonly string[]): string => {
  const program = command.parent ? givenTo(command.parent) : []
  return ['percall', ...program, command.name(), ...words.map(quoted), ...givenTo(command)].join(' ')
}

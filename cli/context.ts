import type { Command } from 'commander'
import { type Client, connect } from '../client/client.ts'
import { findProfile, type Profile } from './credentials.ts'
import { Failure, wrongUsage } from './failure.ts'

/** Options that every command takes. */
export type GlobalOptions = {
  readonly url?: string
  readonly key?: string
  readonly profile?: string
  readonly json?: boolean
  readonly yes?: boolean
}

const globalsOf = (command: Command): GlobalOptions => command.optsWithGlobals()

const keyStart = 'pc_live_'

/** Service and key of a command line. */
const profileOf = (command: Command): Profile => {
  const options = globalsOf(command)
  if (options.key === '')
    throw wrongUsage('--key: expected a key, got an empty text', 'give the key itself, or leave --key out')
  if (options.key !== undefined && !options.key.startsWith(keyStart))
    throw wrongUsage(
      `--key: expected a key ${keyStart}..., got ${options.key}`,
      'the column that keys the rows of a split is named by --split-key',
    )
  return findProfile(options, process.env, process.cwd())
}

/** The client of a command line. */
export const clientOf = (command: Command): Client => connect(profileOf(command))

export const wantsJson = (command: Command): boolean => globalsOf(command).json === true

/** Prints the result: one JSON object with --json, else the text. */
export const printResult = (command: Command, value: unknown, text: string | (() => string)): void => {
  const output = wantsJson(command) ? JSON.stringify(value) : typeof text === 'string' ? text : text()
  if (output !== '') process.stdout.write(`${output}\n`)
}

/** What is not the result: progress, warnings, costs. */
export const note = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Asks before what destroys or spends. Throws CONFIRMATION_NEEDED without a terminal and without --yes. */
export const confirm = async (command: Command, question: string): Promise<void> => {
  if (globalsOf(command).yes) return
  if (!process.stdin.isTTY) throw wrongUsage(`${question} expected an answer, got no terminal to ask at`, 'add --yes')
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('DECLINED', `${question} no`, 'nothing was changed')
}

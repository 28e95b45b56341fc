import { createHash, randomUUID } from 'node:crypto'
import { Option } from 'commander'
import { wrongUsage } from './failure.ts'

export const keyOption = (): Option =>
  new Option(
    '--idempotency-key <key>',
    'the same words within a day: calls that were answered before are answered again, and charged once',
  )

type Sent = { readonly idempotencyKey?: string; readonly async?: boolean; readonly quote?: boolean }

/** Throws USAGE for --idempotency-key where no call is made whose answer could be lost here. */
export const requireKeyIsUsed = ({ idempotencyKey, async: later, quote }: Sent): void => {
  if (idempotencyKey === undefined || !(later || quote)) return
  throw wrongUsage(
    `--idempotency-key: expected rows that are answered at once, got ${quote ? '--quote' : '--async'}`,
    quote ? 'a quote is free: leave the key out' : 'percall calls lists calls that were sent to be answered later',
  )
}

/** The key of --idempotency-key, or a new one. Throws USAGE for an empty one. */
export const callsKeyOf = (given: string | undefined): string => {
  if (given === '') throw wrongUsage('--idempotency-key: expected a text, got an empty one')
  return given ?? randomUUID()
}

const keyCharacters = 32

/** The idempotency key of one of a command's calls: the same for the same content, another for any other. */
export const keyOfCall = (callsKey: string, ...content: readonly unknown[]): string =>
  createHash('sha256')
    .update(`${callsKey}\n${JSON.stringify(content)}`)
    .digest('hex')
    .slice(0, keyCharacters)

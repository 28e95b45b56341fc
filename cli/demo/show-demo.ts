import { connect } from '../../client/client.ts'
import { note } from '../context.ts'
import { describeError } from '../describe-error.ts'
import type { LocalKeys } from '../start/local-keys.ts'
import { withoutWaiting } from '../without-waiting.ts'
import { demonstrate } from './demonstrate.ts'

/** What the owner of this machine does about it, where the service speaks to a consumer. */
const ownersHints: Readonly<Record<string, string>> = {
  NOT_GRANTED: 'let it call the models again: percall consumer grant local-consumer "*"',
  PAYMENT_REQUIRED: 'let it pay: percall consumer plan local-consumer --help',
  TOO_MANY_REQUESTS: 'start again later, or change its limits: percall consumer limit local-consumer --help',
}

const warningOf = (thrown: unknown): string => {
  const { message, hint, code, reason } = describeError(thrown)
  return [
    `warning: the demonstration failed, the service is up all the same: ${message} (${code})`,
    ...(reason === undefined ? [] : [`  reason: ${reason}`]),
    `  next: ${ownersHints[code] ?? hint}`,
    '  percall consumer show local-consumer tells what it may; percall start --no-demo leaves the demonstration out',
  ].join('\n')
}

type Options = {
  /** Train again what was trained before. */
  readonly fresh?: boolean
  /** The service ends with the demonstration, and so does its failure: it is thrown. */
  readonly once?: boolean
}

/**
 * The demonstration at a service, told of a limit instead of waiting for its end; where it fails, a warning for a service that
 * stays up: its owner may have taken from local-consumer what it needs.
 */
export const showDemo = async (url: string, { ownerKey, consumerKey }: LocalKeys, { fresh, once }: Options) => {
  const clientOf = (key: string) => connect({ url, key, fetch: withoutWaiting })
  try {
    const shown = await demonstrate({
      owner: clientOf(ownerKey),
      consumer: clientOf(consumerKey),
      consumerKey,
      fresh: fresh === true,
      stays: once !== true,
      print: note,
    })
    return { kind: 'shown', ...shown } as const
  } catch (thrown) {
    if (once) throw thrown
    return { kind: 'failed', warning: warningOf(thrown) } as const
  }
}

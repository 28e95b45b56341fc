import type { LambdaClient } from '@aws-sdk/client-lambda'
import { PercallError } from '../../src/errors.ts'

// Longer than the large function may take, shorter than this one's own 29 s.
const answerTimeoutMs = 28_500
const throttled = 'TooManyRequestsException'

/** Loaded by the first call that is handed on: few environments need it, and each would start later by it. */
const open = async (): Promise<(functionName: string, payload: string) => Promise<Payload>> => {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda')
  const client: LambdaClient = new LambdaClient({
    // A call that was sent may have been charged: it is not sent again.
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: answerTimeoutMs,
      throwOnRequestTimeout: true,
      // A kept connection may have been closed while this function was frozen, and nobody could tell what became of the call.
      httpAgent: { keepAlive: false },
      httpsAgent: { keepAlive: false },
    },
  })
  return async (functionName, payload) => {
    const { FunctionError, Payload = new Uint8Array(0) } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: payload }),
    )
    return { functionError: FunctionError, text: new TextDecoder().decode(Payload) }
  }
}

type Payload = { readonly functionError: string | undefined; readonly text: string }

const refused = (cause: unknown): PercallError =>
  cause instanceof Error && cause.name === throttled
    ? new PercallError('NOT_READY', 'the large predict function: expected a free environment, got none', { cause })
    : new PercallError('OUTCOME_UNKNOWN', 'the large predict function gave no answer', { cause })

/** Sends an event to the large predict function and gives its answer. Throws NOT_READY, OUTCOME_UNKNOWN. */
export const callLarge = (functionName: string) => {
  let opened: ReturnType<typeof open> | undefined
  return async <Event, Answer>(event: Event): Promise<Answer> => {
    opened ??= open()
    const invoke = await opened
    const { functionError, text } = await invoke(functionName, JSON.stringify(event)).catch((cause: unknown) => {
      throw refused(cause)
    })
    // It answers refusals itself: what reaches this line died, before or after it had charged.
    if (functionError !== undefined) throw refused(new Error(`${functionError}: ${text}`))
    return JSON.parse(text)
  }
}

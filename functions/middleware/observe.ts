import type { MiddlewareObj } from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { settingOr } from '../../adapters/wiring/wiring.ts'
import { PercallError } from '../../src/errors.ts'
import { formatTraceparent } from '../../src/traceparent.ts'
import { callFigures, modelCalled } from './call-figures.ts'
import { causeOf } from './cause.ts'
import { type Line, telemetry } from './telemetry.ts'
import { spanOf, trace } from './trace.ts'

const msPerSecond = 1000

/** A metric of each model costs money each month, so a deployment chooses it (CDK context `percall:model-metrics`). */
const modelMetrics = settingOr('PERCALL_MODEL_METRICS', 'off') === 'on'

type Ended = {
  readonly event: APIGatewayProxyEventV2
  readonly context: Context
  readonly response: APIGatewayProxyStructuredResultV2 | null | undefined
  readonly error: Error | null | undefined
}

type Measured = {
  readonly durationMs: number
  readonly traceId: string
  readonly cold: boolean
  readonly ledgerFailures: number
  readonly handedOn: boolean
}

/** What a function knows of the request that it has just answered. */
export type Watched = {
  readonly ledgerFailures?: () => number
  /** True where another function of the same name answered, and writes what the call was and cost. */
  readonly wasHandedOn?: () => boolean
}

const knownBy = ({ ledgerFailures, wasHandedOn }: Watched): Pick<Measured, 'ledgerFailures' | 'handedOn'> => ({
  ledgerFailures: ledgerFailures?.() ?? 0,
  handedOn: wasHandedOn?.() ?? false,
})

const noFigures: Line['figures'] = {}

const unusualFigures = ({ response }: Ended, { cold, ledgerFailures, handedOn }: Measured): Line['figures'] => {
  const isFault = (response?.statusCode ?? 500) >= 500 && !handedOn
  if (!cold && !isFault && ledgerFailures === 0) return noFigures
  return {
    ...(cold && { 'faas.coldstarts': 1 }),
    ...(isFault && { 'faas.errors': 1 }),
    ...(ledgerFailures > 0 && { 'percall.ledger.failures': ledgerFailures }),
  }
}

const figuresOf = (ended: Ended, measured: Measured): Line['figures'] => ({
  'http.server.request.duration': measured.durationMs / msPerSecond,
  ...unusualFigures(ended, measured),
  ...(!measured.handedOn && callFigures(ended.response?.headers ?? {})),
})

const factsOf = ({ event, context, response, error }: Ended, { durationMs, traceId }: Measured): Line['facts'] => {
  const status = response?.statusCode ?? 500
  return {
    requestId: event.requestContext.requestId,
    traceId,
    invocationId: context.awsRequestId,
    method: event.requestContext.http.method,
    path: event.rawPath,
    status,
    durationMs: Math.round(durationMs * 1000) / 1000,
    ...(error instanceof PercallError && { code: error.code }),
    ...(status >= 500 && error && causeOf(error)),
  }
}

const lineOf = (ended: Ended, measured: Measured): Line => {
  const { response, error } = ended
  return {
    level: (response?.statusCode ?? 500) >= 500 ? 'ERROR' : 'INFO',
    message: 'request',
    facts: factsOf(ended, measured),
    figures: figuresOf(ended, measured),
    errorType: error ? (error instanceof PercallError ? error.code : 'INTERNAL') : undefined,
    model: modelMetrics && !measured.handedOn ? modelCalled(response?.headers ?? {}) : undefined,
  }
}

/**
 * One line a request: what was asked, how it ended, how long it took, and its metrics; a 5xx with its cause. No bodies,
 * no keys. Every answer gets `percall-request-id` and a `traceparent` of the caller's trace.
 */
export const observe = (
  service: string,
  watched: Watched = {},
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> => {
  const { write, isCold } = telemetry(service)
  let beganAtMs = 0
  const end = (ended: Ended): Promise<void> | undefined => {
    const span = spanOf(ended.event.headers)
    if (ended.response) {
      // The response is this request's own, and so are its headers.
      ended.response.headers ??= {}
      ended.response.headers['percall-request-id'] = ended.event.requestContext.requestId
      ended.response.headers.traceparent = formatTraceparent(span)
    }
    const durationMs = performance.now() - beganAtMs
    const measured = { durationMs, traceId: span.traceId, cold: isCold(), ...knownBy(watched) }
    const line = lineOf(ended, measured)
    write(line)
    return trace(service, line, durationMs)
  }
  return {
    // An environment serves one request at a time, so one variable is enough.
    before: () => {
      beganAtMs = performance.now()
    },
    after: end,
    onError: end,
  }
}

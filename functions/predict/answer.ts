import type { Answer, Call } from '../../src/call.ts'
import { formatNano } from '../../src/money.ts'
import { loggingInputs } from '../middleware/log-inputs.ts'
import { negotiate } from '../middleware/negotiate.ts'
import type { RouteRequest, RouteResponse } from '../route.ts'

const inMs = (ms: number): string => ms.toFixed(2)

/** https://www.w3.org/TR/server-timing/ */
const serverTiming = (timings: Answer['timings']): string =>
  Object.entries(timings)
    .map(([part, ms]) => `${part};dur=${inMs(ms)}`)
    .join(', ')

/** The response of an answered call, with what it used and cost. */
const answered = ({ requestId, headers }: RouteRequest, answer: Answer): RouteResponse => {
  const { version, charge, cold, timings } = answer
  const encoded = negotiate(headers, answer.encoded)
  return {
    status: 200,
    headers: {
      ...encoded.headers,
      'percall-request-id': requestId,
      'percall-version': `${version.model}/${version.number}`,
      'percall-units': String(charge.units),
      'percall-cost': formatNano(charge.costNano),
      'percall-cold': cold ? '1' : '0',
      'server-timing': serverTiming(timings),
    },
    body: encoded.body,
  }
}

/** Compressed before it is measured against the gateway's limit, for a caller who accepts that. */
const negotiated =
  (read: Call['read'], { headers }: RouteRequest): Call['read'] =>
  (deployed) => {
    const question = read(deployed)
    return { ...question, encode: (outputs) => negotiate(headers, question.encode(outputs)) }
  }

/** One call of a route: asked of `answer`, and its response. */
export const call = async (
  answer: (call: Call) => Promise<Answer>,
  request: RouteRequest,
  { reference, read }: Pick<Call, 'reference' | 'read'>,
): Promise<RouteResponse> => {
  const { principal, requestId } = request
  return answered(request, await answer({ principal, requestId, reference, read: loggingInputs(negotiated(read, request), requestId) }))
}

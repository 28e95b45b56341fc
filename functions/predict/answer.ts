import type { Answer, Call } from '../../src/call/call.ts'
import { chargeHeaders } from '../../src/call/charge-headers.ts'
import { loggingInputs } from '../middleware/log-inputs.ts'
import { negotiate } from '../middleware/negotiate.ts'
import type { RouteRequest, RouteResponse } from '../route.ts'

/** To a hundredth. */
const inMs = (ms: number): number => Math.round(ms * 100) / 100

/** https://www.w3.org/TR/server-timing/ */
const serverTiming = ({ parse, load, infer, bill, total }: Answer['timings']): string =>
  `parse;dur=${inMs(parse)}, load;dur=${inMs(load)}, infer;dur=${inMs(infer)}, bill;dur=${inMs(bill)}, total;dur=${inMs(total)}`

/** The response of an answered call, with what it used and cost. */
export const answered = ({ requestId, headers }: RouteRequest, answer: Answer): RouteResponse => {
  const { version, charge, cold, timings } = answer
  const encoded = negotiate(headers, answer.encoded)
  return {
    status: 200,
    headers: {
      ...encoded.headers,
      'percall-request-id': requestId,
      ...chargeHeaders(version, charge, cold),
      'server-timing': serverTiming(timings),
    },
    body: encoded.body,
  }
}

/** Compressed before it is measured against the gateway's limit, for a caller who accepts that. */
const negotiated =
  (read: Call['read'], { headers }: RouteRequest): Call['read'] =>
  (deployed) => {
    const { encode, converse, ...question } = read(deployed)
    return {
      ...question,
      ...(converse && { converse: async (runRows) => negotiate(headers, await converse(runRows)) }),
      encode: (outputs) => negotiate(headers, encode(outputs)),
    }
  }

/** One call of a route: asked of `answer`, or as its request says, and its response. */
export const call = async (
  answer: (call: Call) => Promise<Answer>,
  request: RouteRequest,
  { reference, read }: Pick<Call, 'reference' | 'read'>,
): Promise<RouteResponse> => {
  const { principal, requestId } = request
  const asked = { principal, requestId, reference, read: loggingInputs(negotiated(read, request), requestId) }
  return request.ask ? await request.ask(asked) : answered(request, await answer(asked))
}

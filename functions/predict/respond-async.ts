import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { requireGrant } from '../../src/access/principal.ts'
import { quantitiesOf } from '../../src/billing/price.ts'
import { type AsyncCall, callExpires, callView, keptHeaders } from '../../src/call/async-call.ts'
import type { Call } from '../../src/call/call.ts'
import { type Keyed, requireSameRequest } from '../../src/call/idempotency.ts'
import { requireMayExplain } from '../../src/call/may-explain.ts'
import type { Preferences } from '../../src/call/prefer.ts'
import { rawTokens } from '../../src/embedding/raw-tokens.ts'
import type { Reservation } from '../../src/ledger/reservation.ts'
import type { Version } from '../../src/registry/version.ts'
import type { Route, RouteRequest, RouteResponse } from '../route.ts'
import { resultOf } from './calls.ts'
import { replay } from './once.ts'

/** Well below the gateway's 30 s. */
const longestWaitSeconds = 20
const pollMs = 100

/** As a key's record holds it. */
const acceptedAnswer = (requestId: string, call: AsyncCall) => ({
  status: 202,
  headers: {
    'content-type': 'application/json',
    location: `/v1/calls/${call.id}`,
    'preference-applied': 'respond-async',
    'percall-request-id': requestId,
    'retry-after': '1',
  },
  body: { text: JSON.stringify(callView(call)) },
})

const callOf = (route: Route<PredictPorts>, request: RouteRequest, { model, number }: Version) => {
  const { path } = route
  const { params, query, headers, requestId } = request
  return (reservation: Reservation, input: NonNullable<RouteRequest['input']>): AsyncCall => ({
    id: reservation.id,
    consumerId: reservation.consumerId,
    state: 'queued',
    model,
    version: number,
    requestId,
    request: { path, params, query: query.toString(), headers: keptHeaders(headers), input },
    reservation,
    createdAtMs: reservation.admittedAtMs,
    expires: callExpires(reservation.admittedAtMs),
  })
}

/** The answer itself where the call ends in the time that the caller would wait; undefined when it does not. */
const answerWithin = async (
  request: RouteRequest,
  ports: PredictPorts,
  call: AsyncCall,
  waitSeconds: number,
): Promise<RouteResponse | undefined> => {
  const untilMs = ports.calls.nowMs() + Math.min(waitSeconds, longestWaitSeconds) * 1000
  while (ports.calls.nowMs() < untilMs) {
    await ports.calls.sleep(pollMs)
    const now = await ports.calls.readCall(call)
    if (!now || now.endedAtMs === undefined) continue
    const { headers, ...response } = await resultOf(request, ports, now)
    const applied = { location: `/v1/calls/${call.id}`, 'preference-applied': `respond-async, wait=${waitSeconds}` }
    return { ...response, headers: { ...headers, ...applied } }
  }
}

/** Checks a call as if it were answered at once, opens its chain and has a worker take it up: 202. */
export const acceptCall =
  (
    route: Route<PredictPorts>,
    request: RouteRequest,
    ports: PredictPorts,
    { waitSeconds }: Preferences,
    keyed: Keyed | undefined,
  ) =>
  async ({ principal, reference, read }: Call): Promise<RouteResponse> => {
    requireGrant(principal, reference.model)
    const deployed = await ports.resolve(reference)
    const question = read(deployed)
    if (question.explained) requireMayExplain(principal, deployed)
    const tokens = question.tokens ?? rawTokens(deployed.manifest, question.inputs)
    const most = quantitiesOf({ ...question, tokens })
    const { model } = deployed.version
    const { body, input, requestId } = request
    const accepted = (call: AsyncCall) => acceptedAnswer(requestId, call)
    const make = callOf(route, request, deployed.version)
    const begun = { principal, model, body, most, ...(input && { input }), make, ...(keyed && { keyed }), accepted }
    const opened = await ports.calls.open(begun)
    if (opened.kind === 'recorded' && keyed) return await replay(request, ports, requireSameRequest(keyed, opened.by))
    if (opened.kind === 'recorded') throw new Error('call: expected no record without a key')
    const answer = waitSeconds ? await answerWithin(request, ports, opened.call, waitSeconds) : undefined
    return answer ?? { ...accepted(opened.call), body: accepted(opened.call).body.text }
  }

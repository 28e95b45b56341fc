import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { type AsyncCall, callView, isKept, openStates, resultKey, unknownCall } from '../../src/call/async-call.ts'
import { PercallError } from '../../src/errors.ts'
import { json, type Route, type RouteRequest, type RouteResponse } from '../route.ts'
import { sendKept } from './kept-answer.ts'

type PredictRoute = Route<PredictPorts>

const isOpen = ({ state }: AsyncCall): boolean => openStates.includes(state)

/** The caller's own call; one that is past its deadline is ended here, whoever was to end it. */
const ownCall = async ({ params, principal }: RouteRequest, { calls }: PredictPorts): Promise<AsyncCall> => {
  const { id = '' } = params
  const call = await calls.readCall({ consumerId: principal.consumerId, id })
  if (!call || !isKept(call, calls.nowMs())) throw unknownCall(id)
  return await calls.endOverdue(call)
}

const listCalls: PredictRoute['run'] = async ({ principal, query }, { calls }) => {
  const { items, next } = await calls.listCalls(principal.consumerId, calls.parsePage(query))
  const kept = items.filter((call) => isKept(call, calls.nowMs()))
  const ended = await Promise.all(kept.map((call) => calls.endOverdue(call)))
  return json(200, { calls: ended.map(callView), ...(next !== undefined && { next }) })
}

const retryAfter = { 'retry-after': '1' }

const readCall: PredictRoute['run'] = async (request, ports) => {
  const call = await ownCall(request, ports)
  return json(200, callView(call), isOpen(call) ? retryAfter : {})
}

const notSucceeded = ({ id, state, problem }: AsyncCall): RouteResponse => {
  if (problem) return { ...json(problem.status, problem), headers: { 'content-type': 'application/problem+json' } }
  throw new PercallError('CONFLICT', `call ${id}: expected it to have succeeded, it is ${state}`)
}

/** The answer that the call would have had at once; by another address where it does not fit the gateway. Throws ANSWER_GONE. */
export const resultOf = async (
  { headers, requestId }: RouteRequest,
  { calls }: PredictPorts,
  call: AsyncCall,
): Promise<RouteResponse> => {
  const { answer } = call
  if (!answer) return notSucceeded(call)
  const { id, consumerId } = call
  const sent = await sendKept(headers, calls, {
    ...answer,
    body: { key: resultKey(consumerId, id) },
    name: `call ${id}`,
    consumerId,
  })
  const own = { 'percall-request-id': requestId, 'percall-original-request-id': call.requestId }
  return { ...sent, headers: { ...sent.headers, ...own } }
}

const readResult: PredictRoute['run'] = async (request, ports) =>
  resultOf(request, ports, await ownCall(request, ports))

const cancelCall: PredictRoute['run'] = async (request, ports) => {
  const call = await ownCall(request, ports)
  const ended = isOpen(call) ? ((await ports.calls.cancel(call)) ?? (await ownCall(request, ports))) : call
  if (ended.state === 'cancelled') return json(200, callView(ended))
  throw new PercallError('CALL_ENDED', `call ${call.id}: expected it to be open, it is ${ended.state}`)
}

const calling = { access: 'key', scope: ['predict', 'explain'] } as const

/** Calls that are answered later. */
export const callRoutes = [
  { method: 'GET', path: '/v1/calls', ...calling, run: listCalls },
  { method: 'GET', path: '/v1/calls/{id}', ...calling, run: readCall },
  { method: 'GET', path: '/v1/calls/{id}/result', ...calling, run: readResult },
  { method: 'POST', path: '/v1/calls/{id}/cancel', ...calling, run: cancelCall },
] as const satisfies readonly PredictRoute[]

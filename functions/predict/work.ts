import type { workPorts } from '../../adapters/wiring/calls.ts'
import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import type { Principal } from '../../src/access/principal.ts'
import { type AsyncCall, openStates } from '../../src/call/async-call.ts'
import type { Call } from '../../src/call/call.ts'
import { chargeHeaders } from '../../src/call/charge-headers.ts'
import type { KeptResult } from '../../src/call/work-call.ts'
import { PercallError } from '../../src/errors.ts'
import { problemBody, toRefusal } from '../../src/problem-body.ts'
import type { Route, RouteRequest, RouteResponse } from '../route.ts'
import { answered } from './answer.ts'

export type WorkerPorts = PredictPorts & { readonly work: ReturnType<typeof workPorts> }

export type WorkEvent = Pick<AsyncCall, 'consumerId' | 'id'>

// Ours, not the call's: another attempt may succeed.
const passing: readonly string[] = ['NOT_READY', 'OUTCOME_UNKNOWN', 'INTERNAL']

// Its grant was checked, and its price fixed, when it was accepted.
const principalOf = ({ consumerId, reservation }: AsyncCall): Principal => ({
  role: consumerId === 'owner' ? 'owner' : 'consumer',
  consumerId,
  keyId: reservation.keyId,
  grants: ['*'],
})

const requestOf = async (call: AsyncCall, { work }: WorkerPorts): Promise<RouteRequest> => {
  const { params, query, headers, input } = call.request
  return {
    params,
    query: new URLSearchParams(query),
    headers,
    body: await work.readInput(input),
    principal: principalOf(call),
    requestId: call.requestId,
    beganAtMs: performance.now(),
  }
}

/** Runs the call as its route reads it, on the version that it was accepted with, and delivers its result. */
const answerLater = async (
  call: AsyncCall,
  routes: readonly Route<PredictPorts>[],
  ports: WorkerPorts,
): Promise<RouteResponse['headers']> => {
  const { path, params } = call.request
  const route = routes.find((line) => line.method === 'POST' && line.path === path && (line.form?.fits(params) ?? true))
  if (!route) throw new Error(`call ${call.id}: expected a route ${path}, got none`)
  const request = await requestOf(call, ports)
  const ask = async (asked: Call) => {
    const settle: Call['settle'] = (_, usage, { encoded }) => ports.work.deliver(call, encoded, usage)
    const reference = { kind: 'version', model: call.model, number: call.version } as const
    return answered(request, await ports.answer({ ...asked, reference, settle, anySize: true, reserved: true }))
  }
  return (await route.run({ ...request, ask }, ports)).headers
}

/** Charges what an earlier attempt has answered. */
const chargeAgain = async (
  call: AsyncCall,
  kept: KeptResult,
  { work }: WorkerPorts,
): Promise<RouteResponse['headers']> => {
  const { model, version: number, cold } = kept.usage
  return chargeHeaders({ model, number }, await work.chargeKept(call, kept), cold)
}

const fail = async (call: AsyncCall, { work }: WorkerPorts, thrown: unknown): Promise<undefined> => {
  const refusal = toRefusal(thrown)
  if (refusal.code === 'CALL_ENDED') return undefined
  if (passing.includes(refusal.code)) throw thrown
  await work.endCall(call, 'failed', problemBody(refusal, call.requestId))
  return undefined
}

/**
 * Takes up one call: its result is delivered and charged once however often it is taken up; what the model or the input is to
 * blame for ends it, free. Throws what another attempt may mend. -> the headers of the answer that this attempt charged
 */
export const workCall =
  (routes: readonly Route<PredictPorts>[], ports: WorkerPorts) =>
  async (place: WorkEvent): Promise<RouteResponse['headers']> => {
    const startedAtMs = ports.work.nowMs()
    const call = await ports.work.moveCall(place, openStates, 'running', { startedAtMs })
    if (!call) return undefined
    try {
      const kept = await ports.work.findResult(call)
      return kept ? await chargeAgain(call, kept, ports) : await answerLater(call, routes, ports)
    } catch (thrown) {
      if (!(thrown instanceof PercallError)) throw thrown
      return await fail(call, ports, thrown)
    }
  }

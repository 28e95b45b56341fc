/** The real state machine of a run over the real handlers, in this process, with its service over HTTP. */
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { runDefinition, runStates } from '../../infra/run-definition.ts'
import type { Ports } from '../../local/states/integrations.ts'
import { machineResource, openStates } from '../local/states/machines.ts'

const functionArnOf = (state: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${state}`

type Handler = (event: never, context: { readonly getRemainingTimeInMillis: () => number }) => Promise<unknown>

/** Handlers are loaded when the first state is entered: they read the environment then. */
const load = (state: string): Promise<{ readonly handler: Handler }> => import(`../../functions/train/${state}.ts`)

type RunEvent = {
  readonly runId: string
  readonly attempt: number
  readonly trialId?: string
  readonly rung?: number
}

export const openTrainingMachine = async () => {
  const time = { remainingMs: 60_000 }
  const entered: { state: string; event: RunEvent }[] = []
  /** Called before a state's handler: a test may cancel there, or throw as a crash would. */
  const hooks: {
    before: (state: string, event: RunEvent) => Promise<void> | void
    /** Runs a state's handler, or lets it die. */
    around?: ((state: string, event: RunEvent, work: () => Promise<unknown>) => Promise<unknown>) | undefined
  } = { before: () => {} }
  const context = { getRemainingTimeInMillis: () => time.remainingMs }
  const functions = Object.fromEntries(
    runStates.map((state) => [
      state,
      async (event: never) => {
        entered.push({ state, event })
        await hooks.before(state, event)
        const { handler } = await load(state)
        const work = () => handler(event, context)
        return hooks.around ? hooks.around(state, event, work) : work()
      },
    ]),
  )
  const getObject: Ports['getObject'] = async (_caller, { Bucket, Key }) => {
    // The endpoint is in the environment by now.
    const objects = new S3Client({ forcePathStyle: true })
    const { Body } = await objects.send(new GetObjectCommand({ Bucket: String(Bucket), Key: String(Key) }))
    return { Body: Buffer.from((await Body?.transformToByteArray()) ?? []) }
  }
  const machine = await openStates({ functions, ports: { getObject } })
  machine.states.addStateMachine(machineResource('runs', runDefinition(functionArnOf, 'plain')))
  const endpoint = await machine.client.config.endpoint?.()
  if (!endpoint) throw new Error('expected the endpoint that the harness gave its client')
  const url = `http://${endpoint.hostname}:${endpoint.port}`
  return { ...machine, url, time, entered, hooks, context }
}

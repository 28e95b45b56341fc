/**
 * The results of a distributed Map: one record an iteration, and their export to S3.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
import type { MapState } from './definition.ts'
import { evaluate, type Json } from './expression.ts'
import type { Visit } from './run.ts'
import { StateError } from './state-error.ts'

export type Iteration = {
  readonly status: 'SUCCEEDED' | 'FAILED'
  readonly name: string
  readonly input: Json
  readonly output: Json
  readonly error: string
  readonly cause: string
  readonly startedAtMs: number
  readonly stoppedAtMs: number
}

/** An iteration as Step Functions exports it. */
export const childRecord = (machineArn: string, label: string, iteration: Iteration): Json => {
  const childMachineArn = `${machineArn}/${label}`
  const executionArn = `${childMachineArn.replace(':stateMachine:', ':execution:')}:${iteration.name}`
  const ended: Readonly<Record<string, Json>> =
    iteration.status === 'SUCCEEDED'
      ? { Output: JSON.stringify(iteration.output), OutputDetails: { Included: true } }
      : { Error: iteration.error, Cause: iteration.cause }
  return {
    ExecutionArn: executionArn,
    Input: JSON.stringify(iteration.input),
    InputDetails: { Included: true },
    Name: iteration.name,
    ...ended,
    StartDate: new Date(iteration.startedAtMs).toISOString(),
    StateMachineArn: childMachineArn,
    Status: iteration.status,
    StopDate: new Date(iteration.stoppedAtMs).toISOString(),
  }
}

/** Writes SUCCEEDED_0.json, FAILED_0.json and manifest.json, and answers where. Throws States.ResultWriterFailed. */
export const writeResults = async (
  visit: Visit<MapState>,
  mapRunArn: string,
  records: readonly { readonly status: 'SUCCEEDED' | 'FAILED'; readonly record: Json }[],
): Promise<Json> => {
  const { run, state, input, context, variables } = visit
  const place = await evaluate(state.ResultWriter!.Arguments ?? {}, { input, context }, variables)
  const { Bucket, Prefix } = place as { readonly Bucket: string; readonly Prefix?: string }
  const { caller } = run.callOf(visit.thread.signal, visit.statePath)
  const folder = [...(Prefix ? [Prefix] : []), mapRunArn.slice(mapRunArn.lastIndexOf(':') + 1)].join('/')
  const put = async (key: string, value: Json) => {
    const Body = Buffer.from(JSON.stringify(value))
    await run.integrations.putObject(caller, { Bucket, Key: key, Body, ContentType: 'application/json' })
    return { Key: key, Size: Body.length }
  }
  const filesOf = async (status: 'SUCCEEDED' | 'FAILED') => {
    const chosen = records.filter((record) => record.status === status).map(({ record }) => record)
    return chosen.length === 0 ? [] : [await put(`${folder}/${status}_0.json`, chosen)]
  }
  try {
    const ResultFiles = { FAILED: await filesOf('FAILED'), PENDING: [], SUCCEEDED: await filesOf('SUCCEEDED') }
    const manifest = `${folder}/manifest.json`
    await put(manifest, { DestinationBucket: Bucket, MapRunArn: mapRunArn, ResultFiles })
    return { MapRunArn: mapRunArn, ResultWriterDetails: { Bucket, Key: manifest } }
  } catch (error) {
    throw new StateError('States.ResultWriterFailed', (error as Error).message)
  }
}

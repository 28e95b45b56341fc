/** What the tests of state machines share: a service over HTTP with the real client, and functions as literals. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import aslValidator from 'asl-validator'
import { expect } from 'vitest'
import { AwsError, type Caller, type InvokeFunction, type Resource } from '../../../local/service.ts'
import { sleep } from '../../../local/sleep.ts'
import type { Ports } from '../../../local/states/integrations.ts'
import { createStates, type States } from '../../../local/states/states.ts'
import { serveJson } from '../json-server.ts'

const roleArn = 'arn:aws:iam::000000000000:role/machine'
export const arnOf = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`
const functionArnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`

/** A template's state machine. */
export const machineResource = (name: string, definition: object, extra: object = {}): Resource => ({
  stack: 'Test',
  logicalId: name,
  type: 'AWS::StepFunctions::StateMachine',
  ref: arnOf(name),
  attributes: { Arn: arnOf(name), Name: name },
  properties: { DefinitionString: JSON.stringify(definition), RoleArn: roleArn, ...extra },
})

/** A task that invokes a function with a payload, as CDK writes it. */
export const invokeTask = (name: string, payload: unknown, rest: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: functionArnOf(name), Payload: payload },
  Output: '{% $states.result.Payload %}',
  ...rest,
})

/** JSONata machines pass asl-validator 4 as well. */
export const expectValid = (definition: object) => {
  const { isValid, errorsText } = aslValidator(structuredClone(definition))
  expect(isValid, isValid ? '' : errorsText('\n')).toBe(true)
}

const refuse = () => {
  throw new AwsError('NotConnected', 'this test uses no such service')
}

/** The clock runs this many times faster, so that seconds of a definition are milliseconds of the test. */
const clockRate = 200

type Options = {
  readonly functions?: Readonly<Record<string, (payload: never) => unknown>>
  readonly ports?: Partial<Ports>
  readonly allows?: (caller: Caller, action: string, resource: string) => boolean
  readonly folder?: string
}

export const openStates = async ({ functions = {}, ports = {}, allows = () => true, folder }: Options = {}) => {
  const origin = Date.now()
  const events: { detail: Record<string, unknown> }[] = []
  const invoke: InvokeFunction = async (arn, payload) => {
    try {
      const answer = await functions[arn.slice(arn.lastIndexOf(':') + 1)]!(JSON.parse(payload) as never)
      return { kind: 'answer', payload: JSON.stringify(answer ?? null) }
    } catch (error) {
      const { name, message } = error as Error
      const text = JSON.stringify({ errorType: name, errorMessage: message })
      return { kind: 'error', functionError: 'Unhandled', payload: text }
    }
  }
  const states: States = createStates({
    folder: folder ?? mkdtempSync(join(tmpdir(), 'percall-states-')),
    now: () => origin + (Date.now() - origin) * clockRate,
    sleep: (durationMs, signal) => sleep(durationMs / clockRate, signal),
    authorize: (caller, action, resource) => {
      if (!allows(caller, action, resource)) {
        throw new AwsError('AccessDeniedException', `not authorized to perform: ${action} on resource: ${resource}`)
      }
    },
    invoke,
    invokeAsync: (arn, payload) => void invoke(arn, payload),
    integrations: {
      dynamodb: refuse,
      getObject: refuse,
      putObject: refuse,
      listObjectsV2: refuse,
      putEvents: refuse,
      sendMessage: refuse,
      ...ports,
    },
    putEvent: (event) => events.push(event as (typeof events)[number]),
  })
  const server = await serveJson(states.service, () => ({ kind: 'admin' }))
  const client = new SFNClient({
    region: 'us-east-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  const ended = async (executionArn: string) => {
    for (;;) {
      const described = await client.send(new DescribeExecutionCommand({ executionArn }))
      if (described.status !== 'RUNNING') return described
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
  }
  return {
    states,
    client,
    events,
    ended,
    /** Adds a machine, which asl-validator accepts too, and runs it to its end. */
    run: async (definition: object, input: unknown = {}, name = 'machine') => {
      expectValid(definition)
      states.addStateMachine(machineResource(name, definition))
      const start = { stateMachineArn: arnOf(name), input: JSON.stringify(input) }
      const { executionArn } = await client.send(new StartExecutionCommand(start))
      const described = await ended(executionArn!)
      return { ...described, value: described.output === undefined ? undefined : JSON.parse(described.output) }
    },
    close: async () => {
      client.destroy()
      await states.close()
      await server.close()
    },
  }
}

import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { branch, definition, openCases, pass } from './cases.ts'
import { arnOf, invokeTask, machineResource } from './machines.ts'

let service: Awaited<ReturnType<typeof openCases>>['service']

beforeAll(async () => {
  ;({ service } = await openCases())
})
afterAll(() => service.close())

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
test('a Task and its end -> the types of events in AWS names, each linked to the one before', async () => {
  const { executionArn } = await service.run(definition({ A: invokeTask('double', { n: 1 }, { End: true }) }))
  const events: HistoryEvent[] = []
  let nextToken: string | undefined
  do {
    const page = await service.client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 2, nextToken }))
    events.push(...page.events!)
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  expect(events.map(({ type }) => type)).toEqual([
    ...['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded'],
    ...['TaskStateExited', 'ExecutionSucceeded'],
  ])
  expect(events.map(({ id, previousEventId }) => [id, previousEventId])).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((id) => [id, id === 2 ? 1 : id - 1]),
  )
  expect(events[5]!.stateExitedEventDetails).toMatchObject({ name: 'A', output: '{"twice":2}' })
  expect(events[2]!.taskScheduledEventDetails).toMatchObject({ resourceType: 'lambda', resource: 'invoke' })
})

const waiting = definition({ A: { Type: 'Wait', Seconds: 86_400, End: true } })

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
test('the same name again -> the same execution while RUNNING with the same input, else ExecutionAlreadyExists', async () => {
  service.states.addStateMachine(machineResource('waiting', waiting))
  const start = (input: string) =>
    service.client.send(new StartExecutionCommand({ stateMachineArn: arnOf('waiting'), name: 'one', input }))
  const first = await start('{}')
  expect((await start('{}')).executionArn).toBe(first.executionArn)
  await expect(start('{"a":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' })
  await service.client.send(
    new StopExecutionCommand({ executionArn: first.executionArn, error: 'Enough', cause: 'why' }),
  )
  const ended = await service.ended(first.executionArn!)
  expect([ended.status, ended.error, ended.cause]).toEqual(['ABORTED', 'Enough', 'why'])
  await expect(start('{}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' })
  const { executions } = await service.client.send(
    new ListExecutionsCommand({ stateMachineArn: arnOf('waiting'), statusFilter: 'ABORTED' }),
  )
  expect(executions!.map(({ name }) => name)).toEqual(['one'])
  const { events } = await service.client.send(
    new GetExecutionHistoryCommand({ executionArn: first.executionArn, reverseOrder: true, maxResults: 1 }),
  )
  expect(events![0]).toMatchObject({ type: 'ExecutionAborted', executionAbortedEventDetails: { error: 'Enough' } })
})

// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
test('a stopped execution -> RUNNING and ABORTED on the bus', async () => {
  service.states.addStateMachine(machineResource('announced', waiting))
  const { executionArn } = await service.client.send(
    new StartExecutionCommand({ stateMachineArn: arnOf('announced'), input: '{"a":1}' }),
  )
  await service.client.send(new StopExecutionCommand({ executionArn }))
  const details = service.events.map(({ detail }) => detail).filter((detail) => detail.executionArn === executionArn)
  expect(details).toMatchObject([
    { status: 'RUNNING', stateMachineArn: arnOf('announced'), input: '{"a":1}', stopDate: null, output: null },
    { status: 'ABORTED', startDate: expect.any(Number), stopDate: expect.any(Number), error: null },
  ])
})

test.for([
  ['a name with a space', { name: 'a b' }, 'InvalidName'],
  ['a name of 81 characters', { name: 'a'.repeat(81) }, 'InvalidName'],
  ['input that is no JSON', { input: '{' }, 'InvalidExecutionInput'],
  ['input above 256 KiB', { input: JSON.stringify('x'.repeat(262_144)) }, 'ValidationException'],
  ['a machine that does not exist', { stateMachineArn: arnOf('none') }, 'StateMachineDoesNotExist'],
] as const)('StartExecution with %s -> refused', async ([, input, name]) => {
  service.states.addStateMachine(machineResource('waiting', waiting))
  const start = service.client.send(new StartExecutionCommand({ stateMachineArn: arnOf('waiting'), ...input }))
  await expect(start).rejects.toMatchObject({ name })
})

test('DescribeStateMachine and ListStateMachines -> the machine', async () => {
  service.states.addStateMachine(machineResource('shown', waiting))
  const described = await service.client.send(new DescribeStateMachineCommand({ stateMachineArn: arnOf('shown') }))
  expect(JSON.parse(described.definition!)).toEqual(waiting)
  const { stateMachines } = await service.client.send(new ListStateMachinesCommand({}))
  expect(stateMachines!.map(({ name }) => name)).toContain('shown')
})

const task = (rest: object) =>
  definition({ A: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true, ...rest } })
const one = (state: object) => definition({ A: state })

test.for([
  ['JSONPath', { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } }, {}, /state A: QueryLanguage JSONPath/],
  [
    'a Resource',
    task({ Resource: 'arn:aws:states:::sns:publish' }),
    {},
    /Resource arn:aws:states:::sns:publish is not supp/,
  ],
  ['HeartbeatSeconds', task({ HeartbeatSeconds: 1 }), {}, /state A: field HeartbeatSeconds/],
  ['ResultPath', task({ ResultPath: '$' }), {}, /field ResultPath/],
  ['$eval', one(pass({ Output: "{% $eval('1') %}", End: true })), {}, /\$eval is not supported/],
  ['an expression that does not parse', one(pass({ Output: '{% 1 + %}', End: true })), {}, /expression 1 \+/],
  ['a Next to nowhere', one(pass({ Next: 'B' })), {}, /no state B/],
  ['a Type', one({ Type: 'Loop' }), {}, /Type Loop/],
  ['EXPRESS', waiting, { StateMachineType: 'EXPRESS' }, /expected STANDARD, got EXPRESS/],
  ['a property', waiting, { Versions: 1 }, /property Versions/],
  ['batch without a service', task({ Resource: 'arn:aws:states:::batch:submitJob.sync' }), {}, /no batch service/],
  [
    'an outer variable assigned in a branch',
    definition({
      A: pass({ Assign: { x: 1 }, Next: 'P' }),
      P: { Type: 'Parallel', Branches: [branch({ B: pass({ Assign: { x: 2 }, End: true }) })], End: true },
    }),
    {},
    /variable x is assigned in an outer scope/,
  ],
] as const)('a machine with %s -> refused by name when it is added', ([, machine, extra, message]) => {
  expect(() => service.states.addStateMachine(machineResource('refused', machine, extra))).toThrow(message)
})

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
import { arnOf, invokeTask, machineResource, openStates } from './machines.ts'

/** The cases of one page of AWS's documentation; each runs as a machine of its own. */
const definition = (States: object, rest: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(States)[0],
  States,
  ...rest,
})
const pass = (rest: object) => ({ Type: 'Pass', ...rest })
const branch = (States: object) => ({ StartAt: Object.keys(States)[0], States })

let failuresLeft = 0
const concurrency = { now: 0, most: 0 }
const stored = new Map<string, Uint8Array>()
const dynamodb: unknown[] = []
let service: Awaited<ReturnType<typeof openStates>>

beforeAll(async () => {
  service = await openStates({
    allows: (_, action, resource) => !(action === 'lambda:InvokeFunction' && resource.endsWith(':forbidden')),
    functions: {
      double: ({ n }: { n: number }) => ({ twice: 2 * n }),
      flaky: () => {
        if (failuresLeft-- > 0) throw Object.assign(new Error('not yet'), { name: 'Flaky' })
        return 'at last'
      },
      fails: () => {
        throw Object.assign(new Error('broken'), { name: 'Broken' })
      },
      slow: async () => {
        concurrency.most = Math.max(concurrency.most, ++concurrency.now)
        await new Promise((resolve) => setTimeout(resolve, 20))
        concurrency.now -= 1
        return 'slow'
      },
      large: () => 'x'.repeat(300_000),
      oddFails: (n: number) => {
        if (n % 2 === 1) throw Object.assign(new Error(`odd ${n}`), { name: 'Odd' })
        return n
      },
      forbidden: () => 'never',
    },
    ports: {
      dynamodb: (operation, input) => {
        dynamodb.push({ operation, input })
        return { Item: { pk: { S: 'a' } } }
      },
      getObject: async (_, { Key }) => ({ Body: stored.get(String(Key)) ?? raise(`no key ${Key}`) }),
      putObject: async (_, { Key, Body }) => {
        stored.set(String(Key), Body)
        return { ETag: '"e"' }
      },
      listObjectsV2: async () => ({ Contents: [{ Key: 'a' }, { Key: 'b' }] }),
    },
  })
})
afterAll(() => service.close())

const raise = (message: string): never => {
  throw new Error(message)
}

type Row = readonly [title: string, states: object, input: unknown, outcome: unknown, rest?: object]

// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html and transforming-data.html
const succeeding: readonly Row[] = [
  [
    'Pass with Output -> its value',
    { A: pass({ Output: { sum: '{% 1 + $states.input.n %}' }, End: true }) },
    { n: 2 },
    { sum: 3 },
  ],
  ['Pass without Output -> its input', { A: pass({ End: true }) }, { n: 2 }, { n: 2 }],
  [
    'Assign and Output in one state -> Output sees the old value',
    {
      A: pass({ Assign: { x: 1 }, Next: 'B' }),
      B: pass({ Assign: { x: '{% $x + 1 %}' }, Output: '{% $x %}', Next: 'C' }),
      C: pass({ Output: { before: '{% $states.input %}', now: '{% $x %}' }, End: true }),
    },
    {},
    { before: 1, now: 2 },
  ],
  [
    'Choice -> the first rule that holds, with its Output and Assign',
    {
      A: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'C' },
          { Condition: '{% $states.input.n > 1 %}', Next: 'C', Output: 'some', Assign: { rule: 2 } },
        ],
        Default: 'B',
      },
      B: pass({ Output: "{% 'default' %}", End: true }),
      C: pass({ Output: '{% [$states.input, $rule] %}', End: true }),
    },
    { n: 5 },
    ['some', 2],
  ],
  [
    'Choice with no rule that holds -> Default with the state Output',
    {
      A: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'B' }], Default: 'B', Output: "{% 'none' %}" },
      B: pass({ End: true }),
    },
    {},
    'none',
  ],
  ['Wait Seconds -> its input', { A: { Type: 'Wait', Seconds: '{% $states.input %}', End: true } }, 2, 2],
  ['Wait for a past Timestamp -> goes on', { A: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', End: true } }, 1, 1],
  [
    'Succeed with Output -> ends',
    { A: { Type: 'Succeed', Output: '{% $states.context.Execution.Input.n %}' } },
    { n: 7 },
    7,
  ],
  [
    'Task -> Payload of the function',
    { A: invokeTask('double', { n: '{% $states.input.n %}' }, { End: true }) },
    { n: 4 },
    { twice: 8 },
  ],
  [
    'AWS functions -> as documented',
    {
      A: pass({
        Output: {
          partition: '{% $partition([1,2,3,4,5], 2) %}',
          range: '{% $range(0, 10, 5) %}',
          hash: "{% $hash('input', 'SHA-1') %}",
          parse: '{% $parse(\'{"a":1}\').a %}',
          random: '{% $random(7) = $random(7) %}',
          uuid: '{% $length($uuid()) %}',
        },
        End: true,
      }),
    },
    {},
    {
      partition: [[1, 2], [3, 4], [5]],
      range: [0, 5, 10],
      hash: '140f86aae51ab9e1cda9b4254fe98a74eb54c1a1', // printf input | sha1sum
      parse: { a: 1 }.a,
      random: true,
      uuid: 36,
    },
  ],
  [
    'Parallel -> outputs in the order of branches; outer variables are read',
    {
      A: pass({ Assign: { x: 5 }, Next: 'B' }),
      B: {
        Type: 'Parallel',
        Branches: [
          branch({ P: pass({ Output: '{% $x %}', End: true }) }),
          branch({ Q: pass({ Assign: { y: 1 }, End: true }) }),
        ],
        End: true,
      },
    },
    'in',
    [5, 'in'],
  ],
  [
    'inline Map with ItemSelector -> results in the order of items',
    {
      A: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ItemSelector: { n: '{% $states.context.Map.Item.Value %}', at: '{% $states.context.Map.Item.Index %}' },
        ItemProcessor: branch({
          T: invokeTask('double', '{% $states.input %}', { Next: 'U' }),
          U: pass({ Output: '{% $states.input.twice + $states.context.Map.Item.Index %}', End: true }),
        }),
        MaxConcurrency: 2,
        End: true,
      },
    },
    { items: [1, 2, 3] },
    [2, 5, 8],
  ],
  [
    'Catch -> Output and Assign see $states.errorOutput',
    {
      A: invokeTask(
        'fails',
        {},
        {
          Catch: [
            {
              ErrorEquals: ['Broken'],
              Next: 'B',
              Assign: { error: '{% $states.errorOutput.Error %}' },
              Output: '{% $parse($states.errorOutput.Cause).errorMessage %}',
            },
          ],
          End: true,
        },
      ),
      B: pass({ Output: '{% [$error, $states.input] %}', End: true }),
    },
    {},
    ['Broken', 'broken'],
  ],
  [
    'States.TaskFailed -> catches any error of a function',
    {
      A: invokeTask(
        'fails',
        {},
        { Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'B', Output: 'caught' }], End: true },
      ),
      B: pass({ End: true }),
    },
    {},
    'caught',
  ],
  [
    'TimeoutSeconds of a Task -> States.Timeout, which States.TaskFailed does not catch',
    {
      A: invokeTask(
        'slow',
        {},
        {
          TimeoutSeconds: 1,
          Catch: [
            { ErrorEquals: ['States.TaskFailed'], Next: 'B', Output: 'wrong' },
            { ErrorEquals: ['States.Timeout'], Next: 'B', Output: 'timeout' },
          ],
          End: true,
        },
      ),
      B: pass({ End: true }),
    },
    {},
    'timeout',
  ],
  [
    'undefined of an expression -> States.QueryEvaluationError, which can be caught',
    {
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: '{% $states.input.none %}' },
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'B', Output: 'caught' }],
        End: true,
      },
      B: pass({ End: true }),
    },
    {},
    'caught',
  ],
  [
    'a result above 256 KiB -> States.DataLimitExceeded, caught by its name and not by States.ALL',
    {
      A: {
        Type: 'Parallel',
        Branches: [branch({ T: invokeTask('large', {}, { End: true }) })],
        Catch: [
          { ErrorEquals: ['States.DataLimitExceeded'], Next: 'B', Output: 'named' },
          { ErrorEquals: ['States.ALL'], Next: 'B', Output: 'all' },
        ],
        End: true,
      },
      B: pass({ End: true }),
    },
    {},
    'named',
  ],
  [
    'dynamodb:getItem -> the answer of the table',
    {
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::dynamodb:getItem',
        Arguments: { TableName: 't', Key: { pk: { S: 'a' } } },
        End: true,
      },
    },
    {},
    { Item: { pk: { S: 'a' } } },
  ],
  [
    'distributed Map over CSV in batches -> one child a batch',
    {
      A: pass({ Assign: { outer: 1 }, Next: 'M' }),
      M: {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
          Arguments: { Bucket: 'b', Key: 'rows.csv' },
        },
        ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { k: '{% $outer %}' } },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          ...branch({
            P: pass({
              Output: { n: '{% [$states.input.Items.a] %}', k: '{% $states.input.BatchInput.k %}' },
              End: true,
            }),
          }),
        },
        End: true,
      },
    },
    {},
    [
      { n: ['1', '3'], k: 1 },
      { n: ['5'], k: 1 },
    ],
  ],
  [
    'distributed Map over listObjectsV2 -> the objects',
    {
      M: {
        Type: 'Map',
        ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Arguments: { Bucket: 'b' } },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          ...branch({ P: pass({ Output: '{% $states.input.Key %}', End: true }) }),
        },
        End: true,
      },
    },
    {},
    ['a', 'b'],
  ],
]

test.for(succeeding)('%s', async ([, states, input, output]) => {
  stored.set('rows.csv', Buffer.from('a,b\n1,2\n3,4\n5,6\n'))
  const ended = await service.run(definition(states), input)
  expect(ended.cause).toBeUndefined()
  expect(ended.value).toEqual(output)
})

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
const failing: readonly Row[] = [
  [
    'Fail -> its Error and Cause',
    { A: { Type: 'Fail', Error: 'Mine', Cause: '{% $states.input.why %}' } },
    { why: 'so' },
    ['FAILED', 'Mine', 'so'],
  ],
  [
    'a function that throws -> errorType and the JSON of the error',
    { A: invokeTask('fails', {}, { End: true }) },
    {},
    ['FAILED', 'Broken', '{"errorType":"Broken","errorMessage":"broken"}'],
  ],
  [
    'Choice without Default -> States.NoChoiceMatched',
    { A: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'B' }] }, B: pass({ End: true }) },
    {},
    ['FAILED', 'States.NoChoiceMatched', expect.any(String)],
  ],
  [
    'a Condition that is no boolean -> States.QueryEvaluationError',
    { A: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'B' }] }, B: pass({ End: true }) },
    {},
    ['FAILED', 'States.QueryEvaluationError', expect.any(String)],
  ],
  [
    'TimeoutSeconds of the machine -> TIMED_OUT',
    { A: { Type: 'Wait', Seconds: 60, End: true } },
    {},
    ['TIMED_OUT', 'States.Timeout', undefined],
    { TimeoutSeconds: 2 },
  ],
  [
    'a role without lambda:InvokeFunction -> an error that names action and resource',
    { A: invokeTask('forbidden', {}, { End: true }) },
    {},
    ['FAILED', 'Lambda.AccessDeniedException', expect.stringMatching(/lambda:InvokeFunction on resource: .*forbidden/)],
  ],
  [
    'outer variables in a distributed Map -> no value',
    {
      A: pass({ Assign: { outer: 1 }, Next: 'M' }),
      M: {
        Type: 'Map',
        Items: [1],
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          ...branch({ P: pass({ Output: '{% $outer %}', End: true }) }),
        },
        End: true,
      },
    },
    {},
    ['FAILED', 'States.ExceedToleratedFailureThreshold', expect.stringContaining('States.QueryEvaluationError')],
  ],
  [
    'one branch that fails -> the error of that branch',
    {
      A: {
        Type: 'Parallel',
        Branches: [
          branch({ W: { Type: 'Wait', Seconds: 600, End: true } }),
          branch({ F: { Type: 'Fail', Error: 'First' } }),
        ],
        End: true,
      },
    },
    {},
    ['FAILED', 'First', undefined],
  ],
  [
    'a missing object of an ItemReader -> States.ItemReaderFailed',
    {
      M: {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'JSON' },
          Arguments: { Bucket: 'b', Key: 'none' },
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          ...branch({ P: pass({ End: true }) }),
        },
        End: true,
      },
    },
    {},
    ['FAILED', 'States.ItemReaderFailed', 'no key none'],
  ],
]

test.for(failing)('%s', async ([, states, input, outcome, rest]) => {
  const { status, error, cause } = await service.run(definition(states, rest), input)
  expect([status, error, cause]).toEqual(outcome)
})

test.for([
  [2, 3, 'SUCCEEDED', 3],
  [3, 2, 'FAILED', 3],
  [1, 0, 'FAILED', 1],
] as const)('%i failures and MaxAttempts %i -> %s after %i calls', async ([failures, MaxAttempts, status, calls]) => {
  failuresLeft = failures
  const Retry = [{ ErrorEquals: ['Flaky'], IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: 2, MaxAttempts }]
  const ended = await service.run(definition({ A: invokeTask('flaky', {}, { Retry, End: true }) }))
  expect(ended.status).toBe(status)
  const { events } = await service.client.send(new GetExecutionHistoryCommand({ executionArn: ended.executionArn }))
  expect(events!.filter(({ type }) => type === 'TaskScheduled')).toHaveLength(calls)
})

test('MaxConcurrency 2 over 6 items -> never more than 2 calls at once', async () => {
  concurrency.most = 0
  const Processor = branch({ T: invokeTask('slow', {}, { End: true }) })
  await service.run(
    definition({
      M: { Type: 'Map', Items: [1, 2, 3, 4, 5, 6], MaxConcurrency: 2, ItemProcessor: Processor, End: true },
    }),
  )
  expect(concurrency.most).toBe(2)
})

// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
test('ResultWriter and 2 of 4 tolerated failures -> manifest and one file a status', async () => {
  const distributed = (ToleratedFailureCount: number) =>
    definition({
      M: {
        Type: 'Map',
        Items: [1, 2, 3, 4],
        ToleratedFailureCount,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          ...branch({ T: invokeTask('oddFails', '{% $states.input %}', { End: true }) }),
        },
        ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: 'out' } },
        End: true,
      },
    })
  const ended = await service.run(distributed(2))
  const { Bucket, Key } = ended.value.ResultWriterDetails
  expect([Bucket, Key]).toEqual(['b', expect.stringMatching(/^out\/[0-9a-f-]{36}\/manifest.json$/)])
  const read = (key: string) => JSON.parse(Buffer.from(stored.get(key)!).toString())
  const manifest = read(Key)
  expect(manifest.MapRunArn).toBe(ended.value.MapRunArn)
  const succeeded = read(manifest.ResultFiles.SUCCEEDED[0].Key)
  const failed = read(manifest.ResultFiles.FAILED[0].Key)
  expect(succeeded.map(({ Output }: { Output: string }) => Output)).toEqual(['2', '4'])
  expect(failed.map(({ Error: error }: { Error: string }) => error)).toEqual(['Odd', 'Odd'])
  const refused = await service.run(distributed(1))
  expect(refused.error).toBe('States.ExceedToleratedFailureThreshold')
})

test('states:startExecution.sync:2 -> the output of the child as JSON; a failed child is States.TaskFailed', async () => {
  service.states.addStateMachine(
    machineResource('child', definition({ A: pass({ Output: { of: '{% $states.input %}' }, End: true }) })),
  )
  service.states.addStateMachine(machineResource('badChild', definition({ A: { Type: 'Fail', Error: 'Bad' } })))
  const parent = (child: string) =>
    definition({
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Arguments: { StateMachineArn: arnOf(child), Input: { n: 1 } },
        Output: '{% $states.result.Output %}',
        End: true,
      },
    })
  expect((await service.run(parent('child'))).value).toEqual({ of: { n: 1 } })
  const failed = await service.run(parent('badChild'))
  expect([failed.error, JSON.parse(failed.cause!).Status]).toEqual(['States.TaskFailed', 'FAILED'])
})

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

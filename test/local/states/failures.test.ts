import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { branch, definition, openCases, pass } from './cases.ts'
import { arnOf, invokeTask, machineResource } from './machines.ts'

let service: Awaited<ReturnType<typeof openCases>>['service']
let seen: Awaited<ReturnType<typeof openCases>>['seen']

beforeAll(async () => {
  ;({ service, seen } = await openCases())
})
afterAll(() => service.close())

type Row = readonly [title: string, states: object, input: unknown, outcome: unknown, rest?: object]

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
    { A: { Type: 'Wait', Seconds: 86_400, End: true } },
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
  seen.failuresLeft = failures
  const Retry = [{ ErrorEquals: ['Flaky'], IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: 2, MaxAttempts }]
  const ended = await service.run(definition({ A: invokeTask('flaky', {}, { Retry, End: true }) }))
  expect(ended.status).toBe(status)
  const { events } = await service.client.send(new GetExecutionHistoryCommand({ executionArn: ended.executionArn }))
  expect(events!.filter(({ type }) => type === 'TaskScheduled')).toHaveLength(calls)
})

test('MaxConcurrency 2 over 6 items -> never more than 2 calls at once', async () => {
  seen.mostConcurrent = 0
  const Processor = branch({ T: invokeTask('slow', {}, { End: true }) })
  await service.run(
    definition({
      M: { Type: 'Map', Items: [1, 2, 3, 4, 5, 6], MaxConcurrency: 2, ItemProcessor: Processor, End: true },
    }),
  )
  expect(seen.mostConcurrent).toBe(2)
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
  const read = (key: string) => JSON.parse(Buffer.from(seen.stored.get(key)!).toString())
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

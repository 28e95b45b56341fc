import { afterAll, beforeAll, expect, test } from 'vitest'
import { branch, definition, openCases, pass } from './cases.ts'
import { invokeTask } from './machines.ts'

let service: Awaited<ReturnType<typeof openCases>>['service']
let seen: Awaited<ReturnType<typeof openCases>>['seen']

beforeAll(async () => {
  ;({ service, seen } = await openCases())
})
afterAll(() => service.close())

type Row = readonly [title: string, states: object, input: unknown, outcome: unknown, rest?: object]

// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html and transforming-data.html
const succeeding: readonly Row[] = [
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
        'hangs',
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
  seen.stored.set('rows.csv', Buffer.from('a,b\n1,2\n3,4\n5,6\n'))
  const ended = await service.run(definition(states), input)
  expect(ended.cause).toBeUndefined()
  expect(ended.value).toEqual(output)
})

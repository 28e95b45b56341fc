import { afterAll, beforeAll, expect, test } from 'vitest'
import { branch, definition, openCases, pass } from './cases.ts'
import { invokeTask } from './machines.ts'

let service: Awaited<ReturnType<typeof openCases>>['service']

beforeAll(async () => {
  ;({ service } = await openCases())
})
afterAll(() => service.close())

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
]

test.for(succeeding)('%s', async ([, states, input, output]) => {
  const ended = await service.run(definition(states), input)
  expect(ended.cause).toBeUndefined()
  expect(ended.value).toEqual(output)
})

import {
  DescribeMapRunCommand,
  ListMapRunsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { branch, definition } from './cases.ts'
import { arnOf, invokeTask, machineResource, openStates } from './machines.ts'

const objects: Readonly<Record<string, string>> = {
  'rows.json': '[{"n":1},{"n":2},{"n":3},{"n":4},{"n":5}]',
  'rows.jsonl': '{"n":1}\n{"n":2}\n\n{"n":3}\n{"n":4}\n{"n":5}\n',
  'rows.csv': 'n\n1\n2\n3\n4\n5\n',
}
const gate = Promise.withResolvers<void>()

let service: Awaited<ReturnType<typeof openStates>>
beforeAll(async () => {
  service = await openStates({
    functions: {
      // A batch fails when it holds the number 3.
      sum: ({ Items }: { Items: { n: number | string }[] }) => {
        if (Items.some(({ n }) => Number(n) === 3)) throw new Error('three')
        return Items.reduce((sum, { n }) => sum + Number(n), 0)
      },
      held: async ({ n }: { n: number }) => {
        if (n > 1) await gate.promise
        return n
      },
    },
    ports: {
      getObject: async (_caller, { Key }) => ({ Body: Buffer.from(objects[String(Key)]!) }),
    },
  })
})
afterAll(() => service.close())

const distributed = (task: string, rest: object) => ({
  M: {
    Type: 'Map',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...branch({ T: invokeTask(task, '{% $states.input %}', { End: true }) }),
    },
    End: true,
    ...rest,
  },
})

const read = (Key: string, ReaderConfig: object) => ({
  ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig, Arguments: { Bucket: 'b', Key } },
  ItemBatcher: { MaxItemsPerBatch: 2 },
})

const mapRunOf = async (executionArn: string) => {
  const { mapRuns = [] } = await service.client.send(new ListMapRunsCommand({ executionArn }))
  expect(mapRuns).toHaveLength(1)
  return service.client.send(new DescribeMapRunCommand({ mapRunArn: mapRuns[0]!.mapRunArn }))
}

// Three batches, of which the second fails: a third, or 33.3 per cent.
test.for([
  { Key: 'rows.json', config: { InputType: 'JSON' }, percentage: 34, status: 'SUCCEEDED' },
  { Key: 'rows.jsonl', config: { InputType: 'JSONL' }, percentage: 34, status: 'SUCCEEDED' },
  {
    Key: 'rows.csv',
    config: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
    percentage: 34,
    status: 'SUCCEEDED',
  },
  { Key: 'rows.json', config: { InputType: 'JSON' }, percentage: 33, status: 'FAILED' },
])('$Key in batches of two, $percentage % tolerated -> $status, counts by item and by execution', async (given) => {
  const rest = { ...read(given.Key, given.config), ToleratedFailurePercentage: given.percentage }
  const ended = await service.run(definition(distributed('sum', rest)))
  expect(ended.status).toBe(given.status)
  const run = await mapRunOf(ended.executionArn!)
  expect(run).toMatchObject({ status: given.status, toleratedFailurePercentage: given.percentage })
  expect(run.executionCounts).toMatchObject({ total: 3, failed: 1 })
  expect(run.itemCounts).toMatchObject({ total: 5, failed: 2 })
  if (given.status === 'FAILED') return
  expect(ended.value.map((each: unknown) => (typeof each === 'number' ? each : 'failed'))).toEqual([3, 'failed', 5])
  expect(run.itemCounts).toMatchObject({ succeeded: 3, pending: 0, running: 0, aborted: 0 })
})

test('while it runs -> pending, running and done; stopped -> ABORTED with what was open', async () => {
  service.states.addStateMachine(
    machineResource(
      'long',
      definition(distributed('held', { Items: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }], MaxConcurrency: 2 })),
    ),
  )
  const { executionArn } = await service.client.send(new StartExecutionCommand({ stateMachineArn: arnOf('long') }))
  let run: Awaited<ReturnType<typeof mapRunOf>> | undefined
  while (run?.executionCounts?.running !== 2 || run.executionCounts.succeeded !== 1) {
    const { mapRuns } = await service.client.send(new ListMapRunsCommand({ executionArn }))
    if (mapRuns?.length) run = await mapRunOf(executionArn!)
  }
  expect(run).toMatchObject({ status: 'RUNNING', maxConcurrency: 2, executionCounts: { total: 4, pending: 1 } })
  await service.client.send(new StopExecutionCommand({ executionArn: executionArn! }))
  await service.ended(executionArn!)
  expect(await mapRunOf(executionArn!)).toMatchObject({
    status: 'ABORTED',
    executionCounts: { succeeded: 1, aborted: 3 },
  })
  gate.resolve()
})

test('an unknown map run -> ResourceNotFound', async () => {
  const mapRunArn = `${arnOf('long').replace(':stateMachine:', ':mapRun:')}/M:none`
  await expect(service.client.send(new DescribeMapRunCommand({ mapRunArn }))).rejects.toMatchObject({
    name: 'ResourceNotFound',
  })
})

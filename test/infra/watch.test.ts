import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createApp } from '../../infra/app.ts'
import { permissions } from '../../infra/permissions.ts'
import { readAssembly } from '../../local/template/assembly.ts'
import { productAssembly } from '../stack/assembly.ts'

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }
type Found = { readonly stack: string; readonly logicalId: string }

const folder = mkdtempSync(join(tmpdir(), 'percall-watch-'))
afterAll(() => rmSync(folder, { recursive: true }))

let watch: Template
let others: readonly { readonly name: string; readonly resources: Readonly<Record<string, Resource>> }[]
beforeAll(async () => {
  const assembly = await productAssembly(inject('runFolder'))
  const files = readdirSync(assembly).filter((file) => file.endsWith('.template.json'))
  const read = (file: string) => JSON.parse(readFileSync(join(assembly, file), 'utf8'))
  watch = Template.fromJSON(read('PercallWatch.template.json'))
  others = files
    .filter((file) => !file.startsWith('PercallWatch'))
    .map((file) => ({ name: file.split('.', 1)[0]!, resources: read(file).Resources }))
  // Only to know that these are stacks of the assembly.
  expect(readAssembly(assembly).stacks.map(({ name }) => name)).toContain('PercallWatch')
})

const ofType = (type: string): readonly Found[] =>
  others.flatMap(({ name, resources }) =>
    Object.entries(resources)
      .filter(([, { Type }]) => Type === type)
      .map(([logicalId]) => ({ stack: name, logicalId })),
  )

const alarmsOn = (metric: string): readonly Record<string, unknown>[] =>
  Object.values(watch.findResources('AWS::CloudWatch::Alarm', { Properties: { MetricName: metric } })).map(
    ({ Properties }) => Properties,
  )

/** The values that other stacks export and these alarms read, as one text. */
const readBy = (alarms: readonly Record<string, unknown>[]): string => JSON.stringify(alarms)

test('each function -> an alarm on its errors; states of machines, whose errors are refusals too, one on all faults', () => {
  const text = readBy(alarmsOn('Errors'))
  const functions = ofType('AWS::Lambda::Function')
  // The tick comes again in five minutes; what it gave up is told by its queue of dead letters, which has an alarm.
  const isStep = ({ logicalId }: Found) =>
    /^(Registering|Retraining)?(train|register|batch|sweep|retrain)(?!ended|es)|^Tick(tick|reconcile)/.test(logicalId)
  expect(functions.filter(isStep).length).toBeGreaterThanOrEqual(10)
  for (const one of functions.filter((each) => !isStep(each)))
    expect(text).toContain(`${one.stack}:ExportsOutputRef${one.logicalId}`)
  expect(alarmsOn('faas.errors')).toMatchObject([{ Namespace: 'Percall', Threshold: 0 }])
  expect(alarmsOn('faas.errors')[0]).not.toHaveProperty('Dimensions')
})

test('each queue -> an alarm on its first message', () => {
  const alarms = alarmsOn('ApproximateNumberOfMessagesVisible')
  const queues = ofType('AWS::SQS::Queue')
  expect(queues.length).toBeGreaterThan(0)
  expect(alarms).toHaveLength(queues.length)
  for (const { stack, logicalId } of queues)
    expect(readBy(alarms)).toContain(`${stack}:ExportsOutputFnGetAtt${logicalId}QueueName`)
  for (const alarm of alarms) expect(alarm).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' })
})

test.for([
  { metric: '5xx', expected: { Namespace: 'AWS/ApiGateway', Statistic: 'Average', Threshold: 0.01 } },
  {
    metric: 'Latency',
    expected: { ExtendedStatistic: 'p99', EvaluateLowSampleCountPercentile: 'ignore', EvaluationPeriods: 3 },
  },
  { metric: 'Throttles', expected: { Namespace: 'AWS/Lambda', Threshold: 0 } },
  {
    metric: 'percall.ledger.failures',
    expected: { Namespace: 'Percall', Dimensions: [{ Name: 'service', Value: 'predict' }] },
  },
])('$metric -> an alarm', ({ metric, expected }) => {
  expect(alarmsOn(metric)).toMatchObject([expected])
})

test('the cost of a day -> an alarm at the list price, by the memory of each predict function', () => {
  watch.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 10,
    Metrics: Match.arrayWith([Match.objectLike({ Expression: Match.stringLikeRegexp('d0 \\* .* / 1000.*0\\.00001') })]),
  })
})

test('every alarm -> goes to the topic, which is encrypted and takes it from CloudWatch alone; no calls are no alarm', () => {
  watch.resourceCountIs('AWS::SNS::Topic', 1)
  watch.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() })
  watch.allResourcesProperties(
    'AWS::CloudWatch::Alarm',
    Match.objectLike({ AlarmActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }], TreatMissingData: 'notBreaching' }),
  )
  watch.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: Match.objectLike({
      Statement: Match.arrayWith([
        Match.objectLike({
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Condition: Match.anyValue(),
        }),
      ]),
    }),
  })
})

// Each metric of an alarm is 0.10 USD a month, a dashboard nothing up to three, the key 1 USD: docs/operations.md.
test('what the alarms cost at rest -> with the key below 3 USD a month', () => {
  const alarms = Object.values(watch.findResources('AWS::CloudWatch::Alarm'))
  const metrics = alarms.map(
    ({ Properties }) => (Properties.Metrics ?? [1]).filter((one: { Expression?: string }) => !one.Expression).length,
  )
  const dollars = 1 + 0.1 * metrics.reduce((sum, count) => sum + count, 0)
  expect(dollars).toBeLessThan(3)
  watch.resourceCountIs('AWS::CloudWatch::Dashboard', 1)
})

const watchOf = (context: Record<string, string>): Template => {
  for (const name of Object.keys(permissions)) {
    mkdirSync(join(folder, 'functions', name), { recursive: true })
    writeFileSync(join(folder, 'functions', name, 'index.js'), '')
  }
  const outdir = mkdtempSync(join(folder, 'out-'))
  const app = createApp({ build: folder, outdir, context: { 'percall:layers': 'manifest', ...context } })
  return Template.fromStack(app.node.findChild('PercallWatch') as Stack) // the id of infra/app.ts
}

test('context with an address, a cost and metrics of models -> a subscription, its threshold, a widget more', () => {
  const chosen = watchOf({
    'percall:alarm-email': 'owner@example.org',
    'percall:alarm-daily-cost': '2.50',
    'percall:model-metrics': 'on',
  })
  chosen.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'owner@example.org' })
  chosen.hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 2.5 })
  expect(JSON.stringify(chosen.toJSON())).toContain('by model')
  expect(JSON.stringify(watch.toJSON())).not.toContain('by model')
  watch.resourceCountIs('AWS::SNS::Subscription', 0)
})

test('an address that is none -> the synthesis is refused', () => {
  expect(() => watchOf({ 'percall:alarm-email': 'owner' })).toThrow(/percall:alarm-email: expected .*, got owner/)
})

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has this syntax
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadTemplate, resolveStack } from '../../local/template.ts'
import { synthesiseFixture } from './fixtures/app.ts'

const endpoints = { apiUrl: 'http://127.0.0.1:1', awsEndpoint: 'http://127.0.0.1:2' }
const folder = mkdtempSync(join(tmpdir(), 'template-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bucket = { Type: 'AWS::S3::Bucket' }
const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } }
const table = { Type: 'AWS::DynamoDB::Table' }

/** Resolves `value` as an output of a small stack. */
const resolve = (value: unknown) =>
  resolveStack(
    {
      name: 'S',
      template: {
        Resources: { Bucket: bucket, Queue: queue, Table: table },
        Conditions: {
          Yes: { 'Fn::Equals': ['us-east-1', { Ref: 'AWS::Region' }] },
          No: { 'Fn::Not': [{ Condition: 'Yes' }] },
          Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
          Either: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
        },
        Parameters: {
          Stage: { Type: 'String', Default: 'dev' },
          Zones: { Type: 'CommaDelimitedList', Default: 'a,b' },
          Bare: { Type: 'String' },
        },
        Mappings: { Size: { dev: { memory: 128 } } },
        Outputs: { Value: { Value: { 'Fn::ToJsonString': { value } } } },
      },
    },
    endpoints,
    new Map([['Other:Name', 'imported']]),
  ).outputs.Value

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
describe('intrinsic functions', () => {
  test.for<[given: string, value: unknown, outcome: unknown]>([
    ['Ref of a resource', { Ref: 'Bucket' }, 's-bucket'],
    ['Ref of a named resource', { Ref: 'Queue' }, 'http://127.0.0.1:2/000000000000/q'],
    ['Ref of a parameter', { Ref: 'Stage' }, 'dev'],
    ['Ref of a list parameter', { Ref: 'Zones' }, ['a', 'b']],
    ['Ref of pseudo parameters', [{ Ref: 'AWS::AccountId' }, { Ref: 'AWS::StackName' }], ['000000000000', 'S']],
    ['GetAtt', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:000000000000:table/S-Table'],
    ['GetAtt with a dot', { 'Fn::GetAtt': 'Bucket.Arn' }, 'arn:aws:s3:::s-bucket'],
    ['Sub', { 'Fn::Sub': 'a-${Bucket}-${Queue.QueueName}-${!Kept}' }, 'a-s-bucket-q-${Kept}'],
    ['Sub with variables', { 'Fn::Sub': ['${x}/${AWS::Region}', { x: { Ref: 'Stage' } }] }, 'dev/us-east-1'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }, 1]] }, 'a-dev-1'],
    ['Select of Split', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['If', [{ 'Fn::If': ['Yes', 1, 2] }, { 'Fn::If': ['No', 1, 2] }], [1, 2]],
    ['And, Or', [{ 'Fn::If': ['Both', 1, 2] }, { 'Fn::If': ['Either', 1, 2] }], [2, 1]],
    ['FindInMap', { 'Fn::FindInMap': ['Size', { Ref: 'Stage' }, 'memory'] }, 128],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['GetAZs', { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }, 'us-east-1b'],
    ['ImportValue', { 'Fn::ImportValue': 'Other:Name' }, 'imported'],
    ['NoValue in a list', [1, { Ref: 'AWS::NoValue' }, 2], [1, 2]],
    ['NoValue as a property', { a: 1, b: { 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] } }, { a: 1 }],
    ['Condition of a policy statement', { Condition: { Bool: { k: true } } }, { Condition: { Bool: { k: true } } }],
    ['Length', { 'Fn::Length': { Ref: 'Zones' } }, 2],
  ])('%s', ([, value, outcome]) => {
    expect(JSON.parse(resolve(value)!)).toEqual({ value: outcome })
  })

  test.for<[given: string, value: unknown, error: string]>([
    ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/8', 1, 1] }, 'intrinsic function Fn::Cidr is not supported'],
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Bucket', 'Nope'] },
      'Bucket.Nope: AWS::S3::Bucket has no such attribute',
    ],
    ['an unknown resource', { Ref: 'Nope' }, 'no resource or parameter Nope'],
    ['a parameter without a default', { Ref: 'Bare' }, 'parameter Bare has no default'],
    ['an export that nobody made', { 'Fn::ImportValue': 'Nope' }, 'no earlier stack exports Nope'],
    ['a condition that is not there', { 'Fn::If': ['Nope', 1, 2] }, 'condition Nope is not defined'],
    ['a mapping that is not there', { 'Fn::FindInMap': ['Size', 'x', 'y'] }, 'Fn::FindInMap: no entry Size.x.y'],
    ['a member that is not there', { 'Fn::Select': [3, ['a']] }, 'Fn::Select: no member 3'],
    ['a dynamic reference', '{{resolve:ssm:x}}', 'dynamic reference {{resolve:ssm:x}} is not supported'],
    ['a function beside a key', { 'Fn::Join': ['', []], x: 1 }, 'Fn::Join must stand alone'],
  ])('%s -> an error that names it', ([, value, error]) => {
    expect(() => resolve(value)).toThrow(`stack S: ${error}`)
  })
})

const stack = (Resources: object) =>
  resolveStack({ name: 'S', template: { Resources: { ...Resources } } }, endpoints, new Map())

describe('resources', () => {
  test('DependsOn and references -> each after what it needs', () => {
    const { resources } = stack({
      A: { ...bucket, DependsOn: 'C' },
      B: { ...bucket, Properties: { BucketName: { 'Fn::Sub': '${C}-logs' } } },
      C: { ...bucket, DependsOn: ['D'] },
      D: bucket,
    })
    expect(resources.map(({ logicalId }) => logicalId)).toEqual(['D', 'C', 'A', 'B'])
  })

  test('a long logical id -> a name within the limit of its type, the same every time', () => {
    const long = 'x'.repeat(100)
    const names = [1, 2].map(() => stack({ [long]: bucket }).resources[0]!.ref)
    expect(names[0]).toMatch(/^s-x{52}-[0-9a-f]{8}$/)
    expect(names[1]).toBe(names[0])
  })

  test.for<[given: string, resources: object, error: string]>([
    [
      'an unknown type',
      { A: { Type: 'AWS::RDS::DBInstance' } },
      'A: the resource type AWS::RDS::DBInstance is not supported',
    ],
    [
      'a cycle',
      { A: { ...bucket, DependsOn: 'B' }, B: { ...bucket, DependsOn: 'A' } },
      'circular dependency: A -> B -> A',
    ],
    ['DependsOn of nothing', { A: { ...bucket, DependsOn: 'B' } }, 'A depends on B, which is not in the template'],
  ])('%s -> an error that names it', ([, resources, error]) => {
    expect(() => stack(resources)).toThrow(`stack S: ${error}`)
  })
})

describe('assemblies', () => {
  test('two stacks with cross-stack references -> resolved, with assets and outputs', async () => {
    const template = loadTemplate(await synthesiseFixture(folder), endpoints)
    const functions = template.resources.filter(({ type }) => type === 'AWS::Lambda::Function')
    const tableName = template.outputs.FixtureService!.TableName
    expect(functions.map(({ properties }) => properties.Environment.Variables.TABLE)).toEqual([
      tableName,
      tableName,
      tableName,
    ])
    expect(tableName).toMatch(/^FixtureStorage-Table/)
    expect(functions.map(({ properties }) => template.assets.get(properties.Code.S3Key))).toEqual(
      [1, 2, 3].map(() => expect.stringContaining(join(folder, 'cdk.out', 'asset.'))),
    )
    expect(template.outputs.FixtureService!.Url).toBe(endpoints.apiUrl)
    expect(template.checkedOnly.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'AWS::CloudWatch::Alarm',
        'AWS::CloudWatch::CompositeAlarm',
        'AWS::CloudWatch::Dashboard',
        'AWS::Logs::MetricFilter',
        'AWS::SNS::Subscription',
        'AWS::SNS::Topic',
      ]),
    )
  })

  test.for<[given: string, template: object, error: string]>([
    ['a transform', { Resources: {}, Transform: 'AWS::Serverless' }, 'stack S: the template section Transform'],
    ['a rule that is not CDK’s', { Resources: {}, Rules: { Mine: {} } }, 'stack S: the rule Mine'],
    [
      'a creation policy',
      { Resources: { A: { ...bucket, CreationPolicy: {} } } },
      'A: the resource attribute CreationPolicy',
    ],
  ])('%s -> an error that names it', ([, template, error]) => {
    const root = mkdtempSync(join(folder, 'assembly-'))
    mkdirSync(root, { recursive: true })
    const artifacts = { S: { type: 'aws:cloudformation:stack', properties: { templateFile: 'S.json' } } }
    writeFileSync(join(root, 'manifest.json'), JSON.stringify({ artifacts }))
    writeFileSync(join(root, 'S.json'), JSON.stringify(template))
    expect(() => loadTemplate(root, endpoints)).toThrow(error)
  })

  test('a folder that holds no assembly -> an error that names it', () => {
    expect(() => loadTemplate(join(folder, 'none'), endpoints)).toThrow(`${join(folder, 'none')}: no manifest.json`)
  })
})

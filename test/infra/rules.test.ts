import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import aslValidator from 'asl-validator'
import { aws_s3 as s3 } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { checkWithNag, createApp } from '../../infra/app.ts'
import { permissions } from '../../infra/permissions.ts'
import { loadTemplate } from '../../local/template.ts'
import { productAssembly } from '../stack/assembly.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

// The rules look at resources, not at code: an empty handler each is enough, and saves the bundling.
beforeAll(() => {
  for (const name of Object.keys(permissions)) {
    mkdirSync(join(folder, 'functions', name), { recursive: true })
    writeFileSync(join(folder, 'functions', name, 'index.js'), '')
  }
})
const app = (context: Record<string, string> = {}) =>
  createApp({
    build: folder,
    outdir: mkdtempSync(join(folder, 'out-')),
    context: { 'percall:layers': 'manifest', ...context },
  })

test('the stacks -> AwsSolutions and Serverless rules hold, or are acknowledged with a reason', () => {
  const product = app()
  checkWithNag(product)
  expect(() => product.synth()).not.toThrow()
})

// SageMaker's context has Batch's resources too.
test('the engines of large runs, and exports -> the rules hold, without Docker; their state machine is valid; the tick alone may meter', () => {
  const outdir = mkdtempSync(join(folder, 'engines-'))
  const engines = { 'percall:batch': 'true', 'percall:sagemaker': 'true', 'percall:architecture': 'x86_64' }
  const exports = { 'percall:stripe-meter': 'percall_{model}', 'percall:marketplace-product': 'prod1' }
  const context = { 'percall:layers': 'manifest', ...engines, ...exports }
  const product = createApp({ build: folder, outdir, context })
  checkWithNag(product)
  expect(() => product.synth()).not.toThrow()
  const template = Template.fromJSON(JSON.parse(readFileSync(join(outdir, 'PercallTraining.template.json'), 'utf8')))
  template.hasResourceProperties('AWS::Batch::JobDefinition', {
    PlatformCapabilities: ['FARGATE'],
    ContainerProperties: Match.objectLike({ NetworkConfiguration: { AssignPublicIp: 'ENABLED' } }),
    Timeout: { AttemptDurationSeconds: 86_400 },
  })
  template.resourceCountIs('AWS::EC2::NatGateway', 0)
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: Match.absent(),
    SecurityGroupEgress: [Match.objectLike({ FromPort: 443, ToPort: 443 })],
  })
  const service = readFileSync(join(outdir, 'PercallService.template.json'), 'utf8')
  expect(service.match(/aws-marketplace:[^"]*/g)).toEqual(['aws-marketplace:BatchMeterUsage'])
  // Of the tick and of control.
  expect(service.match(/"PERCALL_STRIPE_METER": ?"percall_\{model\}"/g)).toHaveLength(2)
  const endpoints = { apiUrl: 'http://127.0.0.1', awsEndpoint: 'http://127.0.0.1' }
  const { resources, images } = loadTemplate(outdir, endpoints)
  const job = resources.find(({ type }) => type === 'AWS::Batch::JobDefinition')
  const image = images.get(job?.properties.ContainerProperties.Image.split(':').at(-1))
  expect(readFileSync(join(image ?? '', 'Dockerfile'), 'utf8')).toMatch(/train-job\/index\.js/)
  const { States } = JSON.parse(
    resources.find(({ ref }) => /stateMachine:PercallTraining-Run/.test(ref))?.properties.DefinitionString ?? '{}',
  )
  for (const name of ['Refit', 'Gate']) {
    expect(States[`${name}Batch`].Resource).toBe('arn:aws:states:::batch:submitJob.sync')
    expect(States[`${name}SageMaker`].Resource).toBe('arn:aws:states:::sagemaker:createTrainingJob.sync')
  }
})

test('a deployment without the switches -> nothing of Batch, EC2 or SageMaker, and of receivers of usage', () => {
  const outdir = mkdtempSync(join(folder, 'plain-'))
  createApp({ build: folder, outdir, context: { 'percall:layers': 'manifest' } }).synth()
  const text = readFileSync(join(outdir, 'PercallTraining.template.json'), 'utf8')
  expect(text).not.toMatch(/AWS::(Batch|EC2|SageMaker)::|submitJob|createTrainingJob/)
  const service = readFileSync(join(outdir, 'PercallService.template.json'), 'utf8')
  expect(service).not.toMatch(/aws-marketplace|PERCALL_STRIPE|PERCALL_MARKETPLACE/)
})

test('a planted bucket without logs and TLS -> the synthesis is refused', () => {
  const product = app()
  checkWithNag(product)
  const storage = product.node.findChild('PercallStorage')
  new s3.Bucket(storage, 'Planted')
  expect(() => product.synth()).toThrow(/AwsSolutions-S1\b/)
})

test.for([
  ['percall:architecture', 'sparc', /percall:architecture: expected one of x86_64, arm64, got sparc/],
  ['percall:batch', 'yes', /percall:batch: expected one of true, false, got yes/],
  ['percall:sagemaker', 'true', /percall:sagemaker: expected percall:architecture=x86_64 beside it, got arm64/],
  ['percall:stripe-meter', 'a b', /percall:stripe-meter: expected .*, got a b/],
  ['percall:currency', 'dollars', /percall:currency: expected .*, got dollars/],
  ['percall:billing-zone', 'Mars/Olympus', /percall:billing-zone: expected an IANA time zone, got Mars\/Olympus/],
] as const)('context %s = %s -> an error that names it', ([key, value, message]) => {
  expect(() => app({ [key]: value })).toThrow(message)
})

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
test('every function that sends dead letters -> may make the data keys of their encrypted queue', () => {
  const senders = Object.values(permissions).filter((grants) => grants.some(({ on }) => on === 'deadLetters'))
  expect(senders).toHaveLength(8)
  for (const grants of senders)
    expect(grants).toContainEqual({ on: 'key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] })
})

test('every state machine of the assembly -> valid Amazon States Language', async () => {
  const assembly = await productAssembly(inject('runFolder'))
  const endpoints = { apiUrl: 'http://127.0.0.1', awsEndpoint: 'http://127.0.0.1' }
  const machines = loadTemplate(assembly, endpoints).resources.filter(({ type }) => /StateMachine$/.test(type))
  expect(machines).toHaveLength(3)
  for (const { properties } of machines) {
    const { isValid, errorsText } = aslValidator(JSON.parse(properties.DefinitionString))
    expect(isValid, errorsText('\n')).toBe(true)
  }
})

test('one definition without its first state -> refused by the validator', async () => {
  const assembly = await productAssembly(inject('runFolder'))
  const template = readFileSync(join(assembly, 'PercallTraining.template.json'), 'utf8')
  const { DefinitionString } = Object.values(
    JSON.parse(template).Resources as Record<
      string,
      { Type: string; Properties: { DefinitionString?: { 'Fn::Join': [string, unknown[]] } } }
    >,
  ).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')!.Properties
  const [, parts] = DefinitionString!['Fn::Join']
  const definition = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'arn')).join(''))
  delete definition.States.Inspect
  expect(aslValidator(definition).isValid).toBe(false)
})

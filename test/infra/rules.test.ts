import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import aslValidator from 'asl-validator'
import { aws_s3 as s3 } from 'aws-cdk-lib'
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

test('a planted bucket without logs and TLS -> the synthesis is refused', () => {
  const product = app()
  checkWithNag(product)
  const storage = product.node.findChild('PercallStorage')
  new s3.Bucket(storage, 'Planted')
  expect(() => product.synth()).toThrow(/AwsSolutions-S1\b/)
})

test.for([
  ['percall:architecture', 'sparc', /percall:architecture: expected one of x86_64, arm64, got sparc/],
  ['percall:currency', 'dollars', /percall:currency: expected .*, got dollars/],
  ['percall:billing-zone', 'Mars/Olympus', /percall:billing-zone: expected an IANA time zone, got Mars\/Olympus/],
] as const)('context %s = %s -> an error that names it', ([key, value, message]) => {
  expect(() => app({ [key]: value })).toThrow(message)
})

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
test('every function that sends dead letters -> may make the data keys of their encrypted queue', () => {
  const senders = Object.values(permissions).filter((grants) => grants.some(({ on }) => on === 'deadLetters'))
  expect(senders).toHaveLength(4)
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

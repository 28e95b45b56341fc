import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { awsOnly, faultOnly } from '../../infra/permissions.ts'
import type { Access } from '../../local/access.ts'
import { changedAssembly, productAssembly, type Template } from '../stack/assembly.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { addModel, inferBody } from './models.ts'
import { tour } from './tour.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-privilege-'))
afterAll(() => rmSync(folder, { recursive: true }))

const excused = [...awsOnly, ...faultOnly]

/** Grants without a use, less those that only AWS uses; one line each, as a reviewer wants them. */
const unusedLines = (access: Access): readonly string[] =>
  access
    .unused(awsOnly.filter(({ role }) => role === undefined))
    .filter(({ role, action }) => !excused.some((one) => one.action === action && one.role && role.includes(one.role)))
    .map(({ role, action, resource }) => `${role}: ${action} on ${resource}`)

test('everything that the product does -> no permission refused, none unused', async () => {
  const stack = await startStack()
  try {
    await tour(stack)
  } finally {
    await stack.close() // the environments close their chains
  }
  expect(stack.running.access.denied().map(({ message }) => message)).toEqual([])
  expect(unusedLines(stack.running.access)).toEqual([])
})

const statementsOf = (template: Template, role: RegExp) =>
  Object.entries<Template>(template.Resources)
    .filter(([id, { Type }]) => Type === 'AWS::IAM::Policy' && role.test(id))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)

const withoutAction = (role: RegExp, action: string) => (template: Template) => {
  const holding = statementsOf(template, role).filter(({ Action }) => [Action].flat().includes(action))
  expect(holding.length).toBeGreaterThan(0)
  for (const statement of holding) {
    const left = [statement.Action].flat().filter((one: string) => one !== action)
    statement.Action = left.length > 0 ? left : ['xray:PutTraceSegments'] // a statement needs an action
  }
}

const pushAndCall = async ({ send }: Stack) => {
  const headers = { 'content-type': 'application/octet-stream' }
  await send('POST', '/api/models/add/versions', { body: addModel(1), headers })
  return await send('POST', '/v2/models/add/infer', { body: inferBody(1) })
}

test.for([
  { action: 'dynamodb:PutItem', resource: /table\/PercallStorage-Ledger/ },
  { action: 's3:GetObject', resource: /percallstorage-artifacts\w+\/sha256\// },
  { action: 'kms:Decrypt', resource: /:key\// },
])('predict without $action -> refused by name and resource, no answer', async ({ action, resource }) => {
  const product = await productAssembly(inject('runFolder'))
  const target = join(folder, action.replace(':', '-'))
  const stack = await startStack({
    assembly: changedAssembly(product, target, 'PercallService', withoutAction(/^predict/, action)),
  })
  try {
    expect((await pushAndCall(stack)).status).toBeGreaterThanOrEqual(500)
    const refused = stack.running.access.denied().filter((one) => one.action === action)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]!.resource).toMatch(resource)
    expect(refused[0]!.message).toMatch(new RegExp(`predict.* is not authorized to perform: ${action} on resource: `))
  } finally {
    await stack.close()
  }
})

test('a permission that nothing uses -> named', async () => {
  const product = await productAssembly(inject('runFolder'))
  const planted = { Effect: 'Allow', Action: 'dynamodb:Scan', Resource: 'arn:aws:dynamodb:*:*:table/planted' }
  const assembly = changedAssembly(product, join(folder, 'planted'), 'PercallService', (template) => {
    const [policy] = Object.entries<Template>(template.Resources).filter(
      ([id, { Type }]) => Type === 'AWS::IAM::Policy' && /^predict/.test(id),
    )
    policy![1].Properties.PolicyDocument.Statement.push(planted)
  })
  const stack = await startStack({ assembly })
  await stack.close()
  expect(unusedLines(stack.running.access)).toContainEqual(
    expect.stringMatching(/predict.*: dynamodb:Scan on arn:aws:dynamodb:\*:\*:table\/planted/),
  )
})

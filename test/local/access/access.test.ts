import { describe, expect, test } from 'vitest'
import { type Access, createAccess } from '../../../local/access.ts'
import type { RequestContext } from '../../../local/service.ts'
import { allow, deny, functionArn, keyArn, predict, role, roleArn, tableArn } from './policies.ts'

type Row = {
  given: string
  policy: object[]
  action?: string
  on?: string
  context?: RequestContext
  outcome: 'allowed' | 'denied'
}
const put = 'dynamodb:PutItem'
const ofBoth = { 'ForAllValues:StringEquals': { k: ['a', 'b'] } }
const ofAny = { 'ForAnyValue:StringEquals': { k: ['a', 'b'] } }

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html */
describe('identity policies', () => {
  test.for<Row>([
    { given: 'no policy', policy: [], outcome: 'denied' },
    { given: 'the action on the resource', policy: [allow(put, tableArn)], outcome: 'allowed' },
    { given: 'another action', policy: [allow('dynamodb:GetItem', tableArn)], outcome: 'denied' },
    { given: 'another resource', policy: [allow(put, `${tableArn}2`)], outcome: 'denied' },
    { given: 'action in another case', policy: [allow('DynamoDB:putitem', tableArn)], outcome: 'allowed' },
    {
      given: 'resource in another case',
      policy: [allow(put, tableArn.replace('Ledger', 'ledger'))],
      outcome: 'denied',
    },
    { given: 'action wildcard', policy: [allow('dynamodb:Put*', tableArn)], outcome: 'allowed' },
    { given: 'one-character wildcard', policy: [allow('dynamodb:PutIte?', tableArn)], outcome: 'allowed' },
    { given: 'one-character wildcard too short', policy: [allow('dynamodb:PutItem?', tableArn)], outcome: 'denied' },
    { given: 'resource wildcard', policy: [allow(put, 'arn:aws:dynamodb:*:*:table/*')], outcome: 'allowed' },
    { given: 'wildcard over colons of an ARN', policy: [allow(put, 'arn:aws:*:table/Ledger')], outcome: 'denied' },
    { given: 'index of the table', policy: [allow(put, tableArn)], on: `${tableArn}/index/i`, outcome: 'denied' },
    { given: 'deny over allow', policy: [allow('*'), deny(put, tableArn)], outcome: 'denied' },
    { given: 'deny of another action', policy: [allow('*'), deny('dynamodb:DeleteItem')], outcome: 'allowed' },
    {
      given: 'NotAction of another',
      policy: [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }],
      outcome: 'allowed',
    },
    { given: 'NotAction of this', policy: [{ Effect: 'Allow', NotAction: put, Resource: '*' }], outcome: 'denied' },
    {
      given: 'NotResource of this',
      policy: [{ Effect: 'Allow', Action: put, NotResource: tableArn }],
      outcome: 'denied',
    },
    {
      given: 'NotResource of another',
      policy: [{ Effect: 'Allow', Action: put, NotResource: 'x' }],
      outcome: 'allowed',
    },
  ])('$given -> $outcome', ({ policy, action = put, on = tableArn, outcome }) => {
    const access = createAccess([role(...policy)])
    expect(access.allows(predict, action, on)).toBe(outcome === 'allowed')
  })
})

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
describe('conditions', () => {
  test.for<{ given: string; condition: object; context?: RequestContext; outcome: 'allowed' | 'denied' }>([
    { given: 'StringEquals equal', condition: { StringEquals: { k: 'a' } }, context: { k: 'a' }, outcome: 'allowed' },
    { given: 'key in another case', condition: { StringEquals: { K: 'a' } }, context: { k: 'a' }, outcome: 'allowed' },
    { given: 'one of a list', condition: { StringEquals: { k: ['b', 'a'] } }, context: { k: 'a' }, outcome: 'allowed' },
    { given: 'value in another case', condition: { StringEquals: { k: 'A' } }, context: { k: 'a' }, outcome: 'denied' },
    { given: 'missing key', condition: { StringEquals: { k: 'a' } }, outcome: 'denied' },
    { given: 'missing key, IfExists', condition: { StringEqualsIfExists: { k: 'a' } }, outcome: 'allowed' },
    { given: 'missing key, negated', condition: { StringNotEquals: { k: 'a' } }, outcome: 'allowed' },
    {
      given: 'negated equal',
      condition: { StringNotEquals: { k: ['b', 'a'] } },
      context: { k: 'a' },
      outcome: 'denied',
    },
    {
      given: 'StringLike',
      condition: { StringLike: { k: 'sha256/*' } },
      context: { k: 'sha256/0' },
      outcome: 'allowed',
    },
    {
      given: 'StringEquals takes * literally',
      condition: { StringEquals: { k: 'a*' } },
      context: { k: 'ab' },
      outcome: 'denied',
    },
    { given: 'Bool', condition: { Bool: { 'aws:SecureTransport': 'true' } }, outcome: 'allowed' },
    { given: 'Bool false', condition: { Bool: { 'aws:SecureTransport': false } }, outcome: 'denied' },
    { given: 'Null of a missing key', condition: { Null: { k: 'true' } }, outcome: 'allowed' },
    { given: 'Null of a present key', condition: { Null: { k: 'true' } }, context: { k: 'a' }, outcome: 'denied' },
    { given: 'NumericLessThan', condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } }, outcome: 'denied' },
    {
      given: 'two keys, one wrong',
      condition: { StringEquals: { k: 'a', l: 'b' } },
      context: { k: 'a', l: 'c' },
      outcome: 'denied',
    },
    {
      given: 'ArnLike',
      condition: { ArnLike: { k: 'arn:aws:states:*:0:*' } },
      context: { k: 'arn:aws:states:r:0:a:b' },
      outcome: 'allowed',
    },
    {
      given: 'ArnEquals of another account',
      condition: { ArnEquals: { k: 'arn:aws:s:*:0:*' } },
      context: { k: 'arn:aws:s:r:1:0:a' },
      outcome: 'denied',
    },
    { given: 'ForAnyValue, one fits', condition: ofAny, context: { k: ['c', 'a'] }, outcome: 'allowed' },
    { given: 'ForAnyValue, key missing', condition: ofAny, outcome: 'denied' },
    { given: 'ForAllValues, one does not fit', condition: ofBoth, context: { k: ['c', 'a'] }, outcome: 'denied' },
    { given: 'ForAllValues, key missing', condition: ofBoth, outcome: 'allowed' },
  ])('$given -> $outcome', ({ condition, context = {}, outcome }) => {
    const access = createAccess([role(allow(put, tableArn, { Condition: condition }))])
    expect(access.allows(predict, put, tableArn, context)).toBe(outcome === 'allowed')
  })
})

describe('trust', () => {
  test.for([
    { given: 'the service of the trust policy', service: 'lambda.amazonaws.com', allowed: true },
    { given: 'another service', service: 'states.amazonaws.com', allowed: false },
  ])('$given -> $allowed', ({ service, allowed }) => {
    const assume = () => createAccess([role()]).mayAssume(roleArn, service, functionArn)
    if (allowed) expect(assume()).toBeUndefined()
    else expect(assume).toThrow(`${roleArn}: its trust policy does not let ${service} assume it`)
  })
})

// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
test('a refusal -> in the words of AWS, and recorded', () => {
  const access = createAccess([role()])
  const message =
    'User: arn:aws:sts::000000000000:assumed-role/Predict/Predict-1 is not authorized to perform: dynamodb:PutItem ' +
    `on resource: ${tableArn} because no identity-based policy allows the dynamodb:PutItem action`
  expect(() => access.authorize(predict, put, tableArn)).toThrow(
    expect.objectContaining({ code: 'AccessDeniedException', status: 400, message }),
  )
  expect(access.denied()).toEqual([
    { caller: expect.stringContaining('assumed-role/Predict'), action: put, resource: tableArn, message },
  ])
})

test('grants, one of them used, one only for AWS -> the others are unused', () => {
  const access = createAccess([
    role({ Sid: 'Rows', ...allow([put, 'dynamodb:GetItem'], tableArn) }, allow('kms:*', keyArn), allow('xray:Put*')),
  ])
  access.authorize(predict, put, tableArn)
  const unused = () => access.unused([{ action: 'xray:*', reason: 'tracing' }])
  expect(unused()).toEqual([
    {
      role: 'Predict',
      policy: 'stack S: LPredict/Own',
      statement: 'Rows',
      action: 'dynamodb:GetItem',
      resource: tableArn,
    },
    { role: 'Predict', policy: 'stack S: LPredict/Own', statement: '1', action: 'kms:*', resource: keyArn },
  ])
  access.authorize(predict, 'dynamodb:GetItem', tableArn)
  expect(unused().map(({ action }) => action)).toEqual(['kms:*'])
})

describe('what it does not know', () => {
  const attachedTo = (arn: string): Access =>
    createAccess([{ ...role(), properties: { ...role().properties, ManagedPolicyArns: [arn] } }])
  test.for([
    {
      given: 'a date operator',
      make: () => createAccess([role(allow(put, '*', { Condition: { DateLessThan: { k: 'x' } } }))]),
      error: 'condition operator DateLessThan',
    },
    {
      given: 'a policy variable',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is IAM's syntax, not JavaScript's
      make: () => createAccess([role(allow(put, '*', { Condition: { StringLike: { k: '${aws:username}' } } }))]),
      error: 'policy variables are not supported',
    },
    {
      given: 'an unknown element',
      make: () => createAccess([role({ ...allow(put), NotPrincipal: '*' })]),
      error: 'policy element NotPrincipal',
    },
    {
      given: 'an unknown managed policy',
      make: () => attachedTo('arn:aws:iam::aws:policy/AdministratorAccess'),
      error: 'managed policy arn:aws:iam::aws:policy/AdministratorAccess',
    },
    {
      given: 'a permission boundary',
      make: () => createAccess([{ ...role(), properties: { ...role().properties, PermissionsBoundary: 'x' } }]),
      error: 'the property PermissionsBoundary of AWS::IAM::Role',
    },
  ])('$given -> an error that names it', ({ make, error }) => {
    expect(make).toThrow(error)
  })
})

import { describe, expect, test } from 'vitest'
import { createAccess } from '../../../local/access.ts'
import type { Caller, Resource } from '../../../local/service.ts'
import { admin, allow, deny, functionArn, keyArn, predict, resource, role, roleArn, rule, ruleArn } from './policies.ts'

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
describe('keys', () => {
  const delegates = { ...allow('kms:*'), Principal: { AWS: 'arn:aws:iam::000000000000:root' } }
  const direct = { ...allow('kms:Decrypt'), Principal: { AWS: roleArn } }
  const viaTables = { StringEquals: { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' } }
  test.for<{ given: string; key: object[]; identity: object[]; caller?: Caller; outcome: 'allowed' | 'denied' }>([
    {
      given: 'delegation and identity policy',
      key: [delegates],
      identity: [allow('kms:Decrypt', keyArn)],
      outcome: 'allowed',
    },
    { given: 'delegation only', key: [delegates], identity: [], outcome: 'denied' },
    { given: 'identity policy only', key: [], identity: [allow('kms:Decrypt', keyArn)], outcome: 'denied' },
    { given: 'key policy names the role', key: [direct], identity: [], outcome: 'allowed' },
    {
      given: 'key policy denies',
      key: [delegates, { ...direct, Effect: 'Deny' }],
      identity: [allow('kms:*')],
      outcome: 'denied',
    },
    {
      given: 'ViaService of this service',
      key: [delegates],
      identity: [allow('kms:Decrypt', keyArn, { Condition: viaTables })],
      outcome: 'allowed',
    },
    {
      given: 'ViaService of another',
      key: [{ ...direct, Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } }],
      identity: [],
      outcome: 'denied',
    },
    { given: 'the owner, delegation', key: [delegates], identity: [], caller: admin, outcome: 'allowed' },
    {
      given: 'a service that the key policy does not name',
      key: [delegates],
      identity: [],
      caller: rule,
      outcome: 'denied',
    },
    {
      given: 'a service that it names',
      key: [{ ...allow('kms:Decrypt'), Principal: { Service: 'events.amazonaws.com' } }],
      identity: [],
      caller: rule,
      outcome: 'allowed',
    },
  ])('$given -> $outcome', ({ key, identity, caller = predict, outcome }) => {
    const access = createAccess([
      role(...identity),
      resource('AWS::KMS::Key', 'K', keyArn, { KeyPolicy: { Statement: key } }),
    ])
    const use = () => access.useKey(caller, 'kms:Decrypt', keyArn, 'dynamodb.us-east-1.amazonaws.com')
    if (outcome === 'allowed') expect(use()).toBeUndefined()
    else expect(use).toThrow(/is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:.*:key\/1/)
  })
})

describe('resource policies', () => {
  const lambda = resource('AWS::Lambda::Function', 'Predict', functionArn, {})
  const permission = (SourceArn?: string): Resource =>
    resource('AWS::Lambda::Permission', 'P', '', {
      Action: 'lambda:InvokeFunction',
      FunctionName: functionArn,
      Principal: 'events.amazonaws.com',
      ...(SourceArn && { SourceArn }),
    })
  test.for([
    { given: 'a permission for the rule', permissions: [permission(ruleArn)], caller: rule, allowed: true },
    { given: 'a permission for any source', permissions: [permission()], caller: rule, allowed: true },
    { given: 'a permission for another rule', permissions: [permission(`${ruleArn}2`)], caller: rule, allowed: false },
    { given: 'no permission', permissions: [], caller: rule, allowed: false },
    { given: 'a permission for a service, a role calls', permissions: [permission()], caller: predict, allowed: false },
    { given: 'no permission, the owner calls', permissions: [], caller: admin, allowed: true },
  ])('$given -> $allowed', ({ permissions, caller, allowed }) => {
    const access = createAccess([role(), lambda, ...permissions])
    expect(access.allows(caller, 'lambda:InvokeFunction', functionArn)).toBe(allowed)
  })

  test('a bucket policy that refuses plain HTTP, then one that refuses all -> allowed, denied', () => {
    const bucket = (Condition: object) =>
      createAccess([
        role(allow('s3:*')),
        resource('AWS::S3::BucketPolicy', 'B', '', {
          Bucket: 'b',
          PolicyDocument: {
            Statement: [{ ...deny('s3:*', 'arn:aws:s3:::b/*', { Condition }), Principal: { AWS: '*' } }],
          },
        }),
      ])
    const insecure = { Bool: { 'aws:SecureTransport': 'false' } }
    expect(bucket(insecure).allows(predict, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(true)
    expect(() => bucket({}).authorize(predict, 's3:GetObject', 'arn:aws:s3:::b/k')).toThrow(
      'with an explicit deny in a resource-based policy',
    )
  })
})

import type { Caller, Resource } from '../../../local/service.ts'

export const roleArn = 'arn:aws:iam::000000000000:role/Predict'
export const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Ledger'
export const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/1'
export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:Predict'
export const ruleArn = 'arn:aws:events:us-east-1:000000000000:rule/OnEnd'
export const predict: Caller = { kind: 'role', roleArn, session: 'Predict-1' }
export const rule: Caller = { kind: 'service', service: 'events', sourceArn: ruleArn }
export const admin: Caller = { kind: 'admin' }

const trust = (Service: string, more = {}) => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service }, ...more }],
})
export const resource = (type: string, ref: string, Arn: string, properties: object): Resource => ({
  stack: 'S',
  logicalId: `L${ref}`,
  type,
  ref,
  attributes: { Arn },
  properties,
})
export const role = (...Statement: object[]): Resource =>
  resource('AWS::IAM::Role', 'Predict', roleArn, {
    AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
    Policies: [{ PolicyName: 'Own', PolicyDocument: { Version: '2012-10-17', Statement } }],
  })
export const allow = (Action: string | string[], Resource: string | string[] = '*', more = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})
export const deny = (Action: string, Resource = '*', more = {}) => ({
  ...allow(Action, Resource, more),
  Effect: 'Deny',
})

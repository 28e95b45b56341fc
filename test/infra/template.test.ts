import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { productAssembly } from '../stack/assembly.ts'

/** What must never change by accident: each line here protects data, money or a boundary. */
let storage: Template
let service: Template
let training: Template
let batches: Template
beforeAll(async () => {
  const assembly = await productAssembly(inject('runFolder'))
  const read = (stack: string) =>
    Template.fromJSON(JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8')))
  storage = read('PercallStorage')
  service = read('PercallService')
  training = read('PercallTraining')
  batches = read('PercallBatches')
})

const retained = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }

describe('Storage', () => {
  test('both tables -> retained, recoverable, protected, encrypted by the customer key', () => {
    storage.resourceCountIs('AWS::DynamoDB::Table', 2)
    storage.allResources('AWS::DynamoDB::Table', {
      ...retained,
      Properties: Match.objectLike({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
        BillingMode: 'PAY_PER_REQUEST',
      }),
    })
  })

  test('every bucket -> retained, private; those with data also versioned, logged, encrypted by the customer key', () => {
    storage.resourceCountIs('AWS::S3::Bucket', 3)
    storage.allResources('AWS::S3::Bucket', {
      ...retained,
      Properties: Match.objectLike({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      }),
    })
    const withData = storage.findResources('AWS::S3::Bucket', {
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        LoggingConfiguration: Match.anyValue(),
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
          ],
        },
      },
    })
    expect(Object.keys(withData)).toHaveLength(2)
  })

  test('every bucket and queue -> refuses what does not come by TLS', () => {
    const denied = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }
    const hasDenial = { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(denied)]) } }
    expect(Object.keys(storage.findResources('AWS::S3::BucketPolicy', { Properties: hasDenial }))).toHaveLength(3)
    training.allResourcesProperties('AWS::SQS::QueuePolicy', Match.objectLike(hasDenial))
  })

  test('the key -> retained, rotated', () => {
    storage.allResources('AWS::KMS::Key', { ...retained, Properties: Match.objectLike({ EnableKeyRotation: true }) })
  })

  // A logical id is a public contract: a changed one replaces the resource, and a retained one is left behind.
  test('logical ids of all state -> as they were released', () => {
    const stateful = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key']
    expect(stateful.flatMap((type) => Object.keys(storage.findResources(type))).sort()).toEqual([
      'AccessLogs8B620ECA',
      'Artifacts82DD59A1',
      'Data666C94C7',
      'EncryptionKey1B843E66',
      'LedgerB7379752',
      'Registry4DB9CCA5',
    ])
  })
})

describe('functions', () => {
  test('each -> Node 24, traced, its own role that only Lambda may assume', () => {
    for (const [stack, count] of [
      [service, 7],
      [training, 26],
      [batches, 6],
    ] as const) {
      stack.resourceCountIs('AWS::Lambda::Function', count)
      stack.allResourcesProperties(
        'AWS::Lambda::Function',
        Match.objectLike({ Runtime: 'nodejs24.x', TracingConfig: { Mode: 'Active' } }),
      )
      const roles = Object.values(stack.findResources('AWS::Lambda::Function')).map(
        ({ Properties }) => Properties.Role['Fn::GetAtt'][0],
      )
      expect(new Set(roles).size).toBe(count)
    }
  })

  // Tracing and log delivery, the login of an image's pull, and jobs that are yet to come: AWS knows no resource of them.
  const withoutResource = /^(xray|logs):|^ecr:GetAuthorizationToken$|^batch:(DescribeJobs|TerminateJob)$/
  test('no policy of a function -> a wildcard resource, but where AWS has no other', () => {
    for (const stack of [service, training, batches]) {
      for (const { Properties } of Object.values(stack.findResources('AWS::IAM::Policy'))) {
        for (const { Action, Resource } of Properties.PolicyDocument.Statement) {
          if (Resource === '*')
            expect([Action].flat().filter((action: string) => !withoutResource.test(action))).toEqual([])
        }
      }
    }
  })

  test('what is invoked by events -> retries, a maximum age and a dead-letter destination', () => {
    training.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: Match.anyValue(),
      DestinationConfig: { OnFailure: Match.anyValue() },
    })
    training.allResourcesProperties(
      'AWS::Events::Rule',
      Match.objectLike({
        Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue(), RetryPolicy: Match.anyValue() })],
      }),
    )
  })
})

test('all log groups -> an end to retention', () => {
  for (const stack of [service, training, batches]) {
    stack.allResourcesProperties('AWS::Logs::LogGroup', Match.objectLike({ RetentionInDays: 30 }))
  }
})

test('the gateway -> throttled by default, logged, the paths of callers wider than the rest', () => {
  service.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    AccessLogSettings: Match.anyValue(),
    DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200, DetailedMetricsEnabled: true },
    RouteSettings: Match.objectLike({ 'ANY /v2/{proxy+}': Match.objectLike({ ThrottlingRateLimit: 2000 }) }),
  })
})

test('a page of another origin -> may send its key in either header', () => {
  // `*` covers X-Api-Key, and never Authorization: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
  service.hasResourceProperties('AWS::ApiGatewayV2::Api', {
    CorsConfiguration: Match.objectLike({ AllowHeaders: ['*', 'authorization'] }),
  })
})

test('a path of the data plane -> predict has every verb of it, so that a wrong one is a 405', () => {
  const routes = Object.values(service.findResources('AWS::ApiGatewayV2::Route'))
  expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual([
    '$default',
    'ANY /v1/batches',
    'ANY /v1/batches/{batch}',
    'ANY /v1/batches/{batch}/cancel',
    'ANY /v1/batches/{batch}/errors',
    'ANY /v1/batches/{batch}/result',
    'ANY /v1/calls',
    'ANY /v1/calls/{id}',
    'ANY /v1/calls/{id}/cancel',
    'ANY /v1/calls/{id}/result',
    'ANY /v1/embeddings',
    'ANY /v1/models',
    'ANY /v1/models/{target}',
    'ANY /v1/uploads',
    'ANY /v2',
    'ANY /v2/{proxy+}',
  ])
})

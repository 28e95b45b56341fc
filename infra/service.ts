import {
  aws_apigatewayv2 as apigateway,
  CfnOutput,
  Duration,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  type StackProps,
  Validations,
} from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Construct } from 'constructs'
import type { Batches } from './batches.ts'
import { AsyncCalls } from './calls.ts'
import { Handler } from './constructs/handler.ts'
import { Layers } from './constructs/layers.ts'
import { enginesOf, receiversOf, type Settings } from './settings.ts'
import type { Storage } from './storage.ts'
import { Tick } from './tick.ts'
import type { Training } from './training.ts'

export type ServiceProps = StackProps & {
  readonly settings: Settings
  readonly storage: Storage
  readonly training: Training
  readonly batches: Batches
  readonly bundles: string
  readonly layerFolder: string
}

const controlMb = 1769
/** An uploaded table lies here while DuckDB profiles it. */
const controlTableMb = 2048
/** The gateway waits 30 s: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const answerTimeout = Duration.seconds(29)

// A variable is a whole segment: `{m}:predict` passes CDK and fails at deploy. /v2/ and all else reach $default.
const predictRoutes = [
  'ANY /v2',
  'ANY /v2/{proxy+}',
  'ANY /v1/models',
  'ANY /v1/models/{target}',
  'ANY /v1/embeddings',
  'ANY /v1/calls',
  'ANY /v1/calls/{id}',
  'ANY /v1/calls/{id}/result',
  'ANY /v1/calls/{id}/cancel',
  'ANY /v1/uploads',
] as const

const batchRoutes = [
  'ANY /v1/batches',
  'ANY /v1/batches/{batch}',
  'ANY /v1/batches/{batch}/cancel',
  'ANY /v1/batches/{batch}/result',
  'ANY /v1/batches/{batch}/errors',
] as const

// Callers without a key cannot starve payers: the control plane's door is narrower than the data plane's.
const throttles = {
  predict: { rateLimit: 2000, burstLimit: 4000 },
  control: { rateLimit: 100, burstLimit: 200 },
} as const

const answerHeaders = [
  'percall-request-id',
  'traceparent',
  'percall-version',
  'percall-units',
  'percall-cost',
  'percall-balance',
  'percall-cap-used',
  'percall-cold',
  'server-timing',
  'inference-header-content-length',
  'retry-after',
  'ratelimit-policy',
  'ratelimit',
  'idempotent-replayed',
  'percall-original-request-id',
  'preference-applied',
  'location',
  'etag',
  'link',
]

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html; neither bodies nor keys.
const accessLogFields = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  answerBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
}

/**
 * Half of V8's young generation. Left to itself it doubles for some 6,000 calls, until an environment takes 246 MB;
 * so it is full after 1,000 and takes 154 MB, in the same processor time a call.
 */
const semiSpaceMb = 4

/** The HTTP API with its two handlers: the data plane and the control plane. */
export class Service extends Stack {
  readonly apiId: string

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id, props)
    const { settings, storage, training, batches, bundles } = props
    const layers = new Layers(this, 'Layers', settings, props.layerFolder)
    const shared = {
      PERCALL_REGISTRY_TABLE: storage.registry.tableName,
      PERCALL_LEDGER_TABLE: storage.ledger.tableName,
      PERCALL_ARTIFACTS_BUCKET: storage.artifacts.bucketName,
      PERCALL_KEY_ARN: storage.key.keyArn,
      PERCALL_CURRENCY: settings.currency,
      PERCALL_BILLING_ZONE: settings.billingZone,
      PERCALL_SERVER_NAME: settings.serverName,
      PERCALL_MODEL_METRICS: settings.modelMetrics,
    }
    const common = { settings, storage, bundles, timeout: answerTimeout, synchronous: true }
    const predicting = { ...shared, ...(settings.pinnedModels && { PERCALL_PINNED_MODELS: settings.pinnedModels }) }
    const withData = { ...predicting, PERCALL_DATA_BUCKET: storage.data.bucketName }
    const { worker, deadLetters } = new AsyncCalls(
      this,
      'Calls',
      { settings, storage, bundles, layers: [layers.onnxruntime] },
      withData,
    )
    const calling = {
      ...withData,
      PERCALL_CALLS_FUNCTION: worker.function.functionName,
      NODE_OPTIONS: `--max-semi-space-size=${semiSpaceMb}`,
    }
    const large = new Handler(this, 'predict-large', {
      ...common,
      bundle: 'predict',
      memoryMb: settings.predictMb.large,
      environment: calling,
      layers: [layers.onnxruntime],
      others: { calls: worker.function.functionArn },
    })
    const predict = new Handler(this, 'predict', {
      ...common,
      memoryMb: settings.predictMb.small,
      // Only this one knows the other: a call is handed on once at most.
      environment: { ...calling, PERCALL_LARGE_FUNCTION: large.function.functionName },
      layers: [layers.onnxruntime],
      others: { predictLarge: large.function.functionArn, calls: worker.function.functionArn },
    })
    const { reconcile } = new Tick(this, 'Tick', { settings, storage, bundles }, shared, deadLetters)
    const { machine, probe } = training
    const { machine: registerMachine } = training.registering
    const control = new Handler(this, 'control', {
      ...common,
      memoryMb: controlMb,
      temporaryMb: controlTableMb,
      environment: {
        ...shared,
        ...receiversOf(settings),
        PERCALL_DATA_BUCKET: storage.data.bucketName,
        PERCALL_RUN_MACHINE_ARN: machine.stateMachineArn,
        PERCALL_ENGINES: enginesOf(settings),
        PERCALL_PROBE_FUNCTION: probe.functionName,
        PERCALL_REGISTER_MACHINE_ARN: registerMachine.stateMachineArn,
        PERCALL_RECONCILE_FUNCTION: reconcile.function.functionName,
      },
      layers: [layers.duckdb],
      others: {
        machine: machine.stateMachineArn,
        registerMachine: registerMachine.stateMachineArn,
        probe: probe.functionArn,
        reconcile: reconcile.function.functionArn,
        executions: training.executionsArn(this),
      },
    })
    Validations.of(control.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${training.machineNameExport()}:*]`,
      reason: 'An execution has the name of its run, which no template knows.',
    })
    const api = this.api(predict, control, batches)
    this.apiId = api.apiId
    this.outputs(api, storage)
  }

  private api(predict: Handler, control: Handler, batches: Batches): apigateway.HttpApi {
    const api = new apigateway.HttpApi(this, 'Api', {
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: ['*'], // a key in a header, no cookies: any page may call with its own key
        allowMethods: [apigateway.CorsHttpMethod.ANY],
        // The Fetch standard's * leaves Authorization out: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
        allowHeaders: ['*', 'authorization'],
        exposeHeaders: answerHeaders,
        maxAge: Duration.hours(1),
      },
    })
    const toPredict = new HttpLambdaIntegration('ToPredict', predict.function)
    const toControl = new HttpLambdaIntegration('ToControl', control.function)
    const toBatches = new HttpLambdaIntegration('ToBatches', batches.handler)
    const add = (names: readonly string[], integration: HttpLambdaIntegration) =>
      names.flatMap((name) => {
        const [verb = '', path = ''] = name.split(' ')
        // The names of HttpMethod are its values.
        return api.addRoutes({ path, methods: [verb as apigateway.HttpMethod], integration })
      })
    const routes = [...add(predictRoutes, toPredict), ...add(batchRoutes, toBatches)]
    const root = new apigateway.HttpRoute(this, 'Default', {
      httpApi: api,
      routeKey: apigateway.HttpRouteKey.DEFAULT,
      integration: toControl,
    })
    this.stage(api)
    for (const route of [...routes, root]) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: 'The handler checks keys itself: one cold start and one bill fewer than an authorizer function.',
      })
    }
    return api
  }

  private stage(api: apigateway.HttpApi): void {
    const accessLogs = new logs.LogGroup(this, 'AccessLogs', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const stage = new apigateway.HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: throttles.control,
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    })
    const settings = stage.node.defaultChild
    if (!(settings instanceof apigateway.CfnStage)) throw new Error('stage: expected a CfnStage as default child')
    settings.routeSettings = Object.fromEntries(
      predictRoutes.map((route) => [
        route,
        {
          ThrottlingRateLimit: throttles.predict.rateLimit,
          ThrottlingBurstLimit: throttles.predict.burstLimit,
          DetailedMetricsEnabled: true,
        },
      ]),
    )
  }

  private outputs(api: apigateway.HttpApi, storage: Storage): void {
    const outputs = {
      Url: api.apiEndpoint,
      RegistryTable: storage.registry.tableName,
      LedgerTable: storage.ledger.tableName,
      ArtifactsBucket: storage.artifacts.bucketName,
      DataBucket: storage.data.bucketName,
      KeyArn: storage.key.keyArn,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value })
  }
}

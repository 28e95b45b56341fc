import {
  Duration,
  aws_events as events,
  type aws_lambda as lambda,
  Stack,
  type StackProps,
  type aws_stepfunctions as states,
  aws_events_targets as targets,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { type BatchState, batchDefinition, batchStates } from './batch-definition.ts'
import { DeadLetters } from './constructs/dead-letters.ts'
import { Handler, type HandlerProps } from './constructs/handler.ts'
import { Layers } from './constructs/layers.ts'
import { acknowledgeExecutions, allowMapRuns, executionsArnOf } from './constructs/map-runs.ts'
import { allowItems, arnsOf, machineRole, stateMachine } from './constructs/state-machine.ts'
import type { Settings } from './settings.ts'
import type { Storage } from './storage.ts'

export type BatchesProps = StackProps & {
  readonly settings: Settings
  readonly storage: Storage
  readonly bundles: string
  readonly layerFolder: string
}

/** 1769 MB are one processor. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const oneProcessorMb = 1769
const smallMb = 512
/** An uploaded file lies here while it is split, with what DuckDB spills. */
const fileMb = 4096
/** Lambda's longest. */
const longest = Duration.minutes(15)
/** The gateway waits 30 s. */
const answerTimeout = Duration.seconds(29)

type Size = Pick<HandlerProps, 'memoryMb' | 'timeout' | 'temporaryMb'> & {
  readonly layer?: 'duckdb' | 'onnxruntime'
}

const sizes: Readonly<Record<BatchState, Size>> = {
  split: { memoryMb: 2 * oneProcessorMb, timeout: longest, temporaryMb: fileMb, layer: 'duckdb' },
  shard: { memoryMb: 2 * oneProcessorMb, timeout: longest, layer: 'onnxruntime' },
  finish: { memoryMb: oneProcessorMb, timeout: longest },
  fail: { memoryMb: oneProcessorMb, timeout: longest },
}

type Common = Omit<HandlerProps, 'memoryMb' | 'timeout' | 'synchronous'>

/** The state machine of batch files with its functions, the watch over executions that end early, and the handler of /v1/batches. */
export class Batches extends Stack {
  readonly handler: lambda.Function
  private readonly machine: states.StateMachine

  constructor(scope: Construct, id: string, props: BatchesProps) {
    super(scope, id, props)
    const { settings, storage, bundles } = props
    const environment = {
      PERCALL_REGISTRY_TABLE: storage.registry.tableName,
      PERCALL_LEDGER_TABLE: storage.ledger.tableName,
      PERCALL_ARTIFACTS_BUCKET: storage.artifacts.bucketName,
      PERCALL_DATA_BUCKET: storage.data.bucketName,
    }
    const common = { settings, storage, bundles, environment }
    const layers = new Layers(this, 'Layers', settings, props.layerFolder)
    const functions = batchStates.map((state) => [state, this.state(state, common, layers)] as const)
    this.machine = this.stateMachine(new Map(functions), storage)
    this.watch(common)
    this.handler = this.routes(common)
  }

  private state(name: BatchState, common: Common, layers: Layers): lambda.Function {
    const { layer, ...size } = sizes[name]
    const handler = new Handler(this, `batch-${name}`, {
      ...common,
      ...size,
      ...(layer && { layers: [layers[layer]] }),
      synchronous: true,
    })
    return handler.function
  }

  private stateMachine(functions: ReadonlyMap<BatchState, lambda.Function>, storage: Storage): states.StateMachine {
    const arnOf = arnsOf(functions)
    const role = machineRole(this, 'BatchRole', batchStates.map(arnOf))
    allowItems(role, storage, 'batches', 'A list of shards lies under its batch; the prefix bounds it.')
    const machine = stateMachine(this, 'Batch', role, batchDefinition(arnOf, storage.data.bucketName))
    allowMapRuns(this, 'BatchMapRuns', machine, role)
    return machine
  }

  private watch(common: Common): void {
    const { queue } = new DeadLetters(this, 'DeadLetters', common.storage.key)
    const ended = new Handler(this, 'batch-ended', {
      ...common,
      memoryMb: oneProcessorMb,
      timeout: longest,
      synchronous: false,
      others: { deadLetters: queue.queueArn },
    })
    ended.function.configureAsyncInvoke({
      // Not SqsDestination: it grants every use of the key. What sending needs stands in infra/permissions.ts.
      onFailure: { bind: () => ({ destination: queue.queueArn }) },
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
    })
    new events.Rule(this, 'BatchEnded', {
      description: 'Closes a batch whose execution ended without a state that could close it',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [this.machine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        new targets.LambdaFunction(ended.function, {
          deadLetterQueue: queue,
          maxEventAge: Duration.hours(6),
          retryAttempts: 5,
        }),
      ],
    })
  }

  private routes(common: Common): lambda.Function {
    const { settings, storage } = common
    const { machine } = this
    const handler = new Handler(this, 'batches', {
      ...common,
      memoryMb: smallMb,
      timeout: answerTimeout,
      synchronous: true,
      environment: {
        ...common.environment,
        PERCALL_KEY_ARN: storage.key.keyArn,
        PERCALL_CURRENCY: settings.currency,
        PERCALL_BILLING_ZONE: settings.billingZone,
        PERCALL_BATCH_MACHINE_ARN: machine.stateMachineArn,
      },
      others: { batchMachine: machine.stateMachineArn, batchExecutions: executionsArnOf(this, machine, ':*') },
    })
    acknowledgeExecutions(handler.role, machine, ':*')
    return handler.function
  }
}

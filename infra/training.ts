import { join } from 'node:path'
import {
  ArnFormat,
  Duration,
  aws_events as events,
  type aws_lambda as lambda,
  Stack,
  type StackProps,
  type aws_sqs as sqs,
  type aws_stepfunctions as states,
  aws_events_targets as targets,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { DeadLetters } from './constructs/dead-letters.ts'
import { exportNameOf } from './constructs/export-name.ts'
import { Handler, type HandlerProps } from './constructs/handler.ts'
import { Layers } from './constructs/layers.ts'
import { acknowledgeExecutions, allowMapRuns, executionsArnOf } from './constructs/map-runs.ts'
import { allowItems, arnsOf, machineRole, stateMachine } from './constructs/state-machine.ts'
import { Engines } from './engines.ts'
import { Registering } from './registering.ts'
import { Retraining } from './retraining.ts'
import { answerState, runDefinition, runStates } from './run-definition.ts'
import { enginesOf, type Settings } from './settings.ts'
import type { Storage } from './storage.ts'

export type TrainingProps = StackProps & {
  readonly settings: Settings
  readonly storage: Storage
  readonly bundles: string
  readonly layerFolder: string
}

/** Lambda's longest. */
const longestRun = Duration.minutes(15)
/** 1769 MB are one processor. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const oneProcessorMb = 1769
const fitMb = 2 * oneProcessorMb
const smallMb = 512
/** Lambda's most: a table of 4 GB lies here while it is read, with its columns where they do not fit in memory. */
const tableMb = 10_240

type EventProps = Pick<HandlerProps, 'settings' | 'storage' | 'bundles' | 'environment'>

type Size = {
  readonly memoryMb: number
  readonly timeout: Duration
  readonly layers: readonly ('duckdb' | 'onnxruntime')[]
}

const small: Size = { memoryMb: smallMb, timeout: Duration.minutes(1), layers: [] }
const reader: Size = { memoryMb: 2 * oneProcessorMb, timeout: longestRun, layers: ['duckdb'] }

const sizes: Readonly<Record<string, Size>> = {
  inspect: reader,
  plan: small,
  prepare: reader,
  fit: { memoryMb: fitMb, timeout: longestRun, layers: ['onnxruntime'] },
  score: { memoryMb: oneProcessorMb, timeout: longestRun, layers: [] },
  abandon: small,
  halve: small,
  choose: { memoryMb: 2 * oneProcessorMb, timeout: longestRun, layers: [] },
  refit: { memoryMb: fitMb, timeout: longestRun, layers: ['onnxruntime'] },
  export: { memoryMb: oneProcessorMb, timeout: longestRun, layers: [] },
  // Its children get what the function that serves has; this process holds a model and its copy.
  optimise: { memoryMb: fitMb, timeout: longestRun, layers: ['onnxruntime'] },
  evaluate: { memoryMb: oneProcessorMb, timeout: longestRun, layers: ['onnxruntime'] },
  gate: { ...reader, layers: ['duckdb', 'onnxruntime'] },
  register: small,
  promote: small,
  fail: small,
  answer: small,
}

/** A model of 1 GB and its pre-optimised form. */
const modelMb = 4096

/** The state machines of runs and registrations, one function a state, and the watch over executions that end without closing theirs. */
export class Training extends Stack {
  readonly machine: states.StateMachine
  /** Runs a model file for the first time. */
  readonly probe: lambda.Function
  readonly registering: Registering

  constructor(scope: Construct, id: string, props: TrainingProps) {
    super(scope, id, props)
    const { settings, storage, bundles } = props
    const layers = new Layers(this, 'Layers', settings, props.layerFolder)
    const environment = {
      PERCALL_REGISTRY_TABLE: storage.registry.tableName,
      PERCALL_ARTIFACTS_BUCKET: storage.artifacts.bucketName,
      PERCALL_DATA_BUCKET: storage.data.bucketName,
    }
    const common = { settings, storage, bundles, environment }
    const optimising = { ...environment, PERCALL_PREDICT_MEMORY_MB: String(settings.predictMb.small) }
    const imageFolder = join(props.layerFolder, '..', 'training-image')
    // `optimise` is a job too.
    const engines =
      settings.batch || settings.sagemaker
        ? new Engines(this, 'Engines', { ...common, environment: optimising, imageFolder })
        : undefined
    const planning = {
      ...environment,
      PERCALL_ENGINES: enginesOf(settings),
      PERCALL_ARCHITECTURE: settings.architecture,
      PERCALL_FIT_MEMORY_MB: String(fitMb),
    }
    const environments: Readonly<Record<string, typeof environment>> = { plan: planning, optimise: optimising }
    const functions = new Map(
      [...runStates, ...(engines ? [answerState] : [])].map((state) => {
        const own = { ...common, environment: environments[state] ?? environment, synchronous: true }
        return [state, this.state(state, own, layers)] as const
      }),
    )
    this.machine = this.stateMachine(functions, storage, engines)
    this.probe = new Handler(this, 'probe', {
      ...common,
      // Nothing else: a file is untrusted until it was probed.
      environment: { PERCALL_DATA_BUCKET: storage.data.bucketName },
      // What a model needs here decides which function serves it.
      memoryMb: settings.predictMb.large,
      temporaryMb: modelMb,
      timeout: longestRun,
      layers: [layers.onnxruntime],
      synchronous: true,
    }).function
    this.registering = new Registering(this, 'Registering', {
      ...common,
      probe: this.probe,
      onnxruntime: layers.onnxruntime,
    })
    const { queue } = new DeadLetters(this, 'DeadLetters', storage.key)
    this.watch(common, queue)
    this.sweep(common, queue)
    new Retraining(this, 'Retraining', { ...common, machine: this.machine, duckdb: layers.duckdb, queue })
  }

  /** ARN of all executions of the machine, for a policy of another stack. */
  executionsArn(scope: Stack): string {
    const { stateMachineName } = this.machine
    const parts = { service: 'states', resource: 'execution', arnFormat: ArnFormat.COLON_RESOURCE_NAME }
    return scope.formatArn({ ...parts, resourceName: `${stateMachineName}:*` })
  }

  /** The name under which other stacks import the machine's name; cdk-nag names its findings by it. */
  machineNameExport(): string {
    return exportNameOf(this, this.machine.stateMachineName)
  }

  private state(name: string, common: Omit<HandlerProps, 'memoryMb' | 'timeout'>, layers: Layers): lambda.Function {
    const size = sizes[name]
    if (!size) throw new Error(`state ${name}: expected its size in infra/training.ts, got none`)
    const handler = new Handler(this, `train-${name}`, {
      ...common,
      memoryMb: size.memoryMb,
      timeout: size.timeout,
      layers: size.layers.map((layer) => layers[layer]),
      ...(size.layers.includes('duckdb') && { temporaryMb: tableMb }),
    })
    return handler.function
  }

  private stateMachine(
    functions: ReadonlyMap<string, lambda.Function>,
    storage: Storage,
    engines: Engines | undefined,
  ): states.StateMachine {
    const arnOf = arnsOf(functions)
    const role = machineRole(this, 'RunRole', [...functions.keys()].map(arnOf))
    allowItems(role, storage, 'runs', 'A list of trials lies under its run; the prefix bounds it.')
    engines?.allow(role)
    const definition = runDefinition(arnOf, storage.data.bucketName, engines?.targets)
    const machine = stateMachine(this, 'Run', role, definition)
    allowMapRuns(this, 'RunMapRuns', machine, role)
    return machine
  }

  private watch(common: EventProps, queue: sqs.IQueue): void {
    const ended = new Handler(this, 'execution-ended', {
      ...common,
      memoryMb: smallMb,
      timeout: Duration.minutes(1),
      synchronous: false,
      others: { deadLetters: queue.queueArn },
    })
    ended.function.configureAsyncInvoke({
      // Not SqsDestination: it grants every use of the key. What sending needs stands in infra/permissions.ts.
      onFailure: { bind: () => ({ destination: queue.queueArn }) },
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
    })
    new events.Rule(this, 'ExecutionEnded', {
      description: 'Closes a run or registration whose execution ended without a state that could close it',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [this.machine, this.registering.machine].map((machine) => machine.stateMachineArn),
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        },
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

  /** Events can be lost, and a request can die before it has started its run. */
  private sweep(common: EventProps, queue: sqs.IQueue): void {
    const { machine } = this
    const sweeping = new Handler(this, 'sweep-runs', {
      ...common,
      environment: { ...common.environment, PERCALL_RUN_MACHINE_ARN: machine.stateMachineArn },
      memoryMb: smallMb,
      timeout: Duration.minutes(5),
      synchronous: false,
      others: {
        machine: machine.stateMachineArn,
        executions: executionsArnOf(this, machine, ':*'),
        deadLetters: queue.queueArn,
      },
    })
    acknowledgeExecutions(sweeping.role, machine, ':*')
    sweeping.function.configureAsyncInvoke({
      onFailure: { bind: () => ({ destination: queue.queueArn }) },
      maxEventAge: Duration.hours(1),
      retryAttempts: 0, // the next sweep comes anyway
    })
    new events.Rule(this, 'SweepRuns', {
      description: 'Starts anew, or closes, open runs whose execution is gone',
      schedule: events.Schedule.rate(Duration.minutes(15)),
      targets: [new targets.LambdaFunction(sweeping.function, { deadLetterQueue: queue, retryAttempts: 0 })],
    })
  }
}

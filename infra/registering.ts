import { Duration, type aws_lambda as lambda, type aws_stepfunctions as states } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { Handler, type HandlerProps } from './constructs/handler.ts'
import { arnsOf, machineRole, stateMachine } from './constructs/state-machine.ts'
import { registerDefinition, registerStates } from './register-definition.ts'

export type RegisteringProps = Pick<HandlerProps, 'settings' | 'storage' | 'bundles' | 'environment'> & {
  readonly probe: lambda.IFunction
  readonly onnxruntime: lambda.ILayerVersion
}

/** The hash of a file of 1 GB is read at the speed of the network, which grows with memory. */
const memoryMb = 1769
/** Five variants of a file of 256 MB. */
const variantsMb = 2048

/** The state machine of an uploaded model: staged, probed, published. */
export class Registering extends Construct {
  readonly machine: states.StateMachine

  constructor(scope: Construct, id: string, { probe, onnxruntime, ...common }: RegisteringProps) {
    super(scope, id)
    const { predictMb } = common.settings
    const optimising = {
      // A model that the large predict function serves is measured with its memory.
      memoryMb: predictMb.large,
      temporaryMb: variantsMb,
      timeout: Duration.minutes(15),
      layers: [onnxruntime],
      environment: {
        ...common.environment,
        PERCALL_PREDICT_MEMORY_MB: String(predictMb.small),
        PERCALL_PREDICT_LARGE_MEMORY_MB: String(predictMb.large),
      },
    }
    const functions = new Map(
      registerStates.map((state) => [
        state,
        new Handler(this, `register-${state}`, {
          ...common,
          memoryMb,
          timeout: Duration.minutes(5),
          ...(state === 'optimise' && optimising),
          synchronous: true,
        }).function,
      ]),
    )
    const arnOf = arnsOf(new Map([...functions, ['probe', probe] as const]))
    const role = machineRole(this, 'RegisterRole', ['probe', ...registerStates].map(arnOf))
    this.machine = stateMachine(this, 'Register', role, registerDefinition(arnOf))
  }
}

import {
  Duration,
  aws_iam as iam,
  type aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  aws_stepfunctions as states,
  Validations,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { Handler, type HandlerProps } from './constructs/handler.ts'
import { registerDefinition, registerStates } from './register-definition.ts'

export type RegisteringProps = Pick<HandlerProps, 'settings' | 'storage' | 'bundles' | 'environment'> & {
  readonly probe: lambda.IFunction
}

/** The hash of a file of 1 GB is read at the speed of the network, which grows with memory. */
const memoryMb = 1769

/** The state machine of an uploaded model: staged, probed, published. */
export class Registering extends Construct {
  readonly machine: states.StateMachine

  constructor(scope: Construct, id: string, { probe, ...common }: RegisteringProps) {
    super(scope, id)
    const functions = new Map(
      registerStates.map((state) => [
        state,
        new Handler(this, `register-${state}`, {
          ...common,
          memoryMb,
          timeout: Duration.minutes(5),
          synchronous: true,
        }).function,
      ]),
    )
    const arnOf = (state: 'probe' | (typeof registerStates)[number]): string => {
      const found = state === 'probe' ? probe : functions.get(state)
      if (!found) throw new Error(`state ${state}: expected a function, got none`)
      return found.functionArn
    }
    const role = new iam.Role(this, 'RegisterRole', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') })
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [arnOf('probe'), ...registerStates.map(arnOf)],
      }),
    )
    this.machine = new states.StateMachine(this, 'Register', {
      definitionBody: states.DefinitionBody.fromString(Stack.of(this).toJsonString(registerDefinition(arnOf))),
      role,
      tracingEnabled: true,
      logs: {
        destination: new logs.LogGroup(this, 'RegisterLogs', {
          retention: logs.RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: states.LogLevel.ALL,
      },
    })
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Log delivery and X-Ray have no resource-level permissions.',
    })
  }
}

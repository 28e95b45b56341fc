import {
  aws_iam as iam,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  aws_stepfunctions as states,
  Validations,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Storage } from '../storage.ts'
import { exportNameOf } from './export-name.ts'

/** The role of a machine that invokes these functions. Ids are those of the scope, so that a role stays when code moves. */
export const machineRole = (scope: Construct, id: string, functionArns: readonly string[]): iam.Role => {
  const role = new iam.Role(scope, id, { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') })
  role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...functionArns] }))
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Log delivery and X-Ray have no resource-level permissions.',
  })
  return role
}

/** Lets a machine read the list of a distributed Map's items, an object below `prefix`. */
export const allowItems = (role: iam.Role, storage: Storage, prefix: string, reason: string): void => {
  const { data, key } = storage
  role.addToPolicy(
    new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [data.arnForObjects(`${prefix}/*`)] }),
  )
  role.addToPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }))
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${exportNameOf(storage, data.bucketArn)}/${prefix}/*]`,
    reason,
  })
}

/** A machine that is traced, and logs all of its states for a month. */
export const stateMachine = (scope: Construct, id: string, role: iam.Role, definition: object): states.StateMachine =>
  new states.StateMachine(scope, id, {
    definitionBody: states.DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    role,
    tracingEnabled: true,
    logs: {
      destination: new logs.LogGroup(scope, `${id}Logs`, {
        retention: logs.RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: states.LogLevel.ALL,
    },
  })

/** The ARN of a state's function. Throws for a state that has none. */
export const arnsOf =
  (functions: ReadonlyMap<string, { readonly functionArn: string }>) =>
  (state: string): string => {
    const found = functions.get(state)
    if (!found) throw new Error(`state ${state}: expected a function, got none`)
    return found.functionArn
  }

import {
  ArnFormat,
  type CfnElement,
  aws_iam as iam,
  Stack,
  type aws_stepfunctions as states,
  Validations,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** ARN of executions of a machine; `rest` follows the machine's name. */
export const executionsArnOf = (stack: Stack, { stateMachineName }: states.StateMachine, rest: string): string => {
  const parts = { service: 'states', resource: 'execution', arnFormat: ArnFormat.COLON_RESOURCE_NAME }
  return stack.formatArn({ ...parts, resourceName: `${stateMachineName}${rest}` })
}

/** Acknowledges that a policy names a machine's executions by a wildcard. */
export const acknowledgeExecutions = (construct: Construct, { node }: states.StateMachine, rest: string): void => {
  const child = node.defaultChild
  if (!child) throw new Error('machine: expected its resource, got none')
  const logicalId = Stack.of(construct).getLogicalId(child as CfnElement) // a StateMachine's default child is its CfnStateMachine
  Validations.of(construct).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${logicalId}.Name>${rest}]`,
    reason: 'An execution has the name of what it works on, which no template knows.',
  })
}

/** A distributed Map starts its iterations as executions: https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
export const allowMapRuns = (stack: Stack, id: string, machine: states.StateMachine, role: iam.Role): void => {
  // Of its own, since the machine waits for the role's own policy.
  const policy = new iam.Policy(stack, id, { roles: [role] })
  policy.addStatements(
    new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }),
    new iam.PolicyStatement({
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [executionsArnOf(stack, machine, '/*')],
    }),
  )
  acknowledgeExecutions(policy, machine, '/*')
}

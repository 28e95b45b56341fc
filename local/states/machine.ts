/** A state machine of the template. Every property is known by name; what only observes (logging, tracing) is accepted. */
import { AwsError, type Resource } from '../service.ts'
import { checkDefinition } from './check-definition.ts'
import type { Definition } from './definition.ts'

export type Machine = {
  readonly arn: string
  readonly name: string
  readonly roleArn: string
  readonly definitionText: string
  readonly definition: Definition
  readonly createdAtMs: number
}

const properties = [
  ...['StateMachineName', 'DefinitionString', 'RoleArn', 'StateMachineType', 'Tags'],
  ...['LoggingConfiguration', 'TracingConfiguration', 'EncryptionConfiguration'],
]

/** The machine of an AWS::StepFunctions::StateMachine. Throws AwsError that names machine and property. */
export const machineOf = (resource: Resource, createdAtMs: number): Machine => {
  const where = `${resource.stack}/${resource.logicalId}`
  for (const name of Object.keys(resource.properties)) {
    if (!properties.includes(name))
      throw new AwsError('ValidationException', `${where}: property ${name} is not supported`)
  }
  const { DefinitionString, RoleArn, StateMachineType } = resource.properties
  if ((StateMachineType ?? 'STANDARD') !== 'STANDARD') {
    throw new AwsError('ValidationException', `${where}: StateMachineType: expected STANDARD, got ${StateMachineType}`)
  }
  if (typeof RoleArn !== 'string' || typeof DefinitionString !== 'string') {
    throw new AwsError('ValidationException', `${where}: expected RoleArn and DefinitionString as text`)
  }
  const arn = resource.ref
  const name = resource.attributes.Name ?? arn.slice(arn.lastIndexOf(':') + 1)
  const definition = checkDefinition(name, DefinitionString)
  return { arn, name, roleArn: RoleArn, definitionText: DefinitionString, definition, createdAtMs }
}

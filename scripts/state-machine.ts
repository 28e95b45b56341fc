import aslValidator from 'asl-validator'
import { batchDefinition } from '../infra/batch-definition.ts'
import { registerDefinition } from '../infra/register-definition.ts'
import { runDefinition } from '../infra/run-definition.ts'

const arnOf = (state: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${state}`

/** Every state machine of the product, by what it runs. */
export const allDefinitions = () => ({
  run: runDefinition(arnOf, 'bucket'),
  registration: registerDefinition(arnOf),
  batch: batchDefinition(arnOf, 'bucket'),
})

/** What asl-validator refuses in a state machine's definition. */
export const definitionFaults = (definition: object): readonly string[] => {
  // It changes what it is given.
  const { isValid, errorsText } = aslValidator(structuredClone(definition))
  return isValid ? [] : [errorsText('\n')]
}

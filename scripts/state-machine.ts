import aslValidator from 'asl-validator'
import { batchDefinition } from '../infra/batch-definition.ts'
import type { JobTargets } from '../infra/engine-states.ts'
import { registerDefinition } from '../infra/register-definition.ts'
import { runDefinition } from '../infra/run-definition.ts'

const arnOf = (state: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${state}`

const everywhere: JobTargets = {
  batch: {
    queueArn: 'arn:aws:batch:us-east-1:000000000000:job-queue/q',
    definitionArn: 'arn:aws:batch:us-east-1:000000000000:job-definition/d:1',
  },
  sagemaker: {
    roleArn: 'arn:aws:iam::000000000000:role/jobs',
    imageUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/r:t',
    outputUri: 's3://bucket/runs/sagemaker',
  },
  environment: {},
}

/** Every state machine of the product, by what it runs. */
export const allDefinitions = () => ({
  run: runDefinition(arnOf, 'bucket'),
  'large run': runDefinition(arnOf, 'bucket', everywhere),
  registration: registerDefinition(arnOf),
  batch: batchDefinition(arnOf, 'bucket'),
})

/** What asl-validator refuses in a state machine's definition. */
export const definitionFaults = (definition: object): readonly string[] => {
  // It changes what it is given.
  const { isValid, errorsText } = aslValidator(structuredClone(definition))
  return isValid ? [] : [errorsText('\n')]
}

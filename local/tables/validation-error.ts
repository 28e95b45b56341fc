import { AwsError } from '../service.ts'

/** DynamoDB's ValidationException. */
export const invalid = (message: string): AwsError => new AwsError('ValidationException', message)

/** ValidationException with the prefix that DynamoDB gives to most faults of values. */
export const invalidValue = (message: string): AwsError =>
  invalid(`One or more parameter values were invalid: ${message}`)

export const isInvalid = (error: unknown): error is AwsError =>
  error instanceof AwsError && error.code === 'ValidationException'

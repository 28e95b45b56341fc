import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, PutCommand, type TransactWriteCommand } from '@aws-sdk/lib-dynamodb'

/** Timeouts of one attempt: a lost request must end before the gateway's 30 s, all attempts and repeats together. */
export const ledgerClientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_500, throwOnRequestTimeout: true },
}

// "The transaction with the given request token is already in progress": no answer to what became of it.
const inProgress = 'TransactionInProgressException'
const clientErrors = { from: 400, below: 500 }

/**
 * Whether DynamoDB answered that the write did not happen. No response, and a 5xx, leave it open:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const isRefusal = (thrown: unknown): boolean => {
  if (!(thrown instanceof DynamoDBServiceException) || thrown.name === inProgress) return false
  const status = thrown.$metadata.httpStatusCode ?? 0
  return status >= clientErrors.from && status < clientErrors.below
}

export type WriteOutcome =
  | { readonly kind: 'written' }
  /** Answered last by a refusal; `certain` when every attempt before it was too. */
  | { readonly kind: 'refused'; readonly cause: unknown; readonly certain: boolean }
  | { readonly kind: 'unknown' }

/** Sends a write, watching each attempt that the SDK makes: one without an answer may still land later. */
export const sendWrite = async (
  documents: DynamoDBDocumentClient,
  command: PutCommand | TransactWriteCommand,
): Promise<WriteOutcome> => {
  let unanswered = false
  // Both commands' stacks take any middleware; TypeScript cannot call a union of overloads.
  const { middlewareStack } = command as PutCommand
  middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args)
      } catch (thrown) {
        unanswered ||= !isRefusal(thrown)
        throw thrown
      }
    },
    // Inside the retry of the same step: it sees every attempt. lib-dynamodb joins the stack with itself, hence override.
    { step: 'finalizeRequest', priority: 'low', name: 'watchAttempts', override: true },
  )
  try {
    await (command instanceof PutCommand ? documents.send(command) : documents.send(command))
    return { kind: 'written' }
  } catch (cause) {
    return isRefusal(cause) ? { kind: 'refused', cause, certain: !unanswered } : { kind: 'unknown' }
  }
}

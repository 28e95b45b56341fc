import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'

type ReconcileFunction = { readonly functions: LambdaClient; readonly functionName: string }

/** Has the function go on with a reconciliation, and does not wait for it. */
export const startReconciliation =
  ({ functions, functionName }: ReconcileFunction) =>
  async (id: string): Promise<void> => {
    const Payload = JSON.stringify({ id })
    await functions.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }))
  }

/** Executions and events as the API and the bus show them. https://docs.aws.amazon.com/step-functions/latest/apireference/ */
import type { EventRow, ExecutionRow } from './execution-store.ts'

const present = (members: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))

/** DescribeExecution's answer; dates are seconds since the epoch. */
export const describeExecution = (row: ExecutionRow) =>
  present({
    executionArn: row.arn,
    stateMachineArn: row.machineArn,
    name: row.name,
    status: row.status,
    startDate: row.startedAtMs / 1000,
    stopDate: row.stoppedAtMs === null ? null : row.stoppedAtMs / 1000,
    input: row.input,
    inputDetails: { included: true },
    output: row.output,
    outputDetails: row.output === null ? null : { included: true },
    error: row.error,
    cause: row.cause,
    redriveCount: 0,
  })

/** One row of ListExecutions. */
export const listedExecution = (row: ExecutionRow) =>
  present({
    executionArn: row.arn,
    stateMachineArn: row.machineArn,
    name: row.name,
    status: row.status,
    startDate: row.startedAtMs / 1000,
    stopDate: row.stoppedAtMs === null ? null : row.stoppedAtMs / 1000,
    redriveCount: 0,
  })

/** One event of GetExecutionHistory: its details are in a member named by its type. */
export const describeEvent = ({ id, previousId, atMs, type, details }: EventRow) => ({
  timestamp: atMs / 1000,
  type,
  id,
  previousEventId: previousId,
  [detailsName(type)]: JSON.parse(details) as unknown,
})

const detailsName = (type: string) => {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails'
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails'
  return `${type.slice(0, 1).toLowerCase()}${type.slice(1)}EventDetails`
}

/** "If the input and output are larger than 248 KiB they are excluded" (EventBridge and Step Functions). */
const largestEventTextBytes = 248 * 1024

/** The event of a change of status. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export const statusEvent = (row: ExecutionRow) => {
  const sizeBytes = Buffer.byteLength(row.input) + Buffer.byteLength(row.output ?? '')
  const included = sizeBytes <= largestEventTextBytes
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [row.arn],
    detail: {
      executionArn: row.arn,
      stateMachineArn: row.machineArn,
      name: row.name,
      status: row.status,
      startDate: row.startedAtMs,
      stopDate: row.stoppedAtMs,
      input: included ? row.input : null,
      output: included ? row.output : null,
      inputDetails: { included },
      outputDetails: row.output === null ? null : { included },
      error: row.error,
      cause: row.cause,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
    },
  }
}

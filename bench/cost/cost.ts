import { prices } from './prices.ts'

const million = 1_000_000
const mbPerGb = 1024
const msPerSecond = 1000
const bytesPerGb = 1_000_000_000
/** AWS's month. */
const hoursPerMonth = 730
const secondsPerMonth = hoursPerMonth * 3600

/** The call that is priced: billed time, memory of its function (infra/settings.ts). */
export const pricedCall = { ms: 10, memoryMb: 1769 } as const

/** Write units of one call, as `npm run bench -- network` counts them in the items that the product wrote. */
export const writeUnits = { plain: 1, keyed: 4 } as const

const unitBytes = 1024
const transactionFactor = 2

/** What a record adds to the answer that it holds, also from that bench: keys, fingerprint, headers. */
export const recordOverheadBytes = 413

/** Write units of a keyed call whose answer takes `answerBytes` as it is stored: row and record in a transaction. */
export const keyedUnits = (answerBytes: number): number =>
  transactionFactor * (writeUnits.plain + Math.ceil((answerBytes + recordOverheadBytes) / unitBytes))

/** USD for a million calls of a function on arm64: requests and GB-seconds. */
export const functionUsd = (ms: number, memoryMb: number): number =>
  prices.lambdaRequests.usd + million * (ms / msPerSecond) * (memoryMb / mbPerGb) * prices.lambdaArm.usd

/** USD for a million calls that write so many units each. */
export const meterUsd = (unitsPerCall: number): number => unitsPerCall * prices.writeUnits.usd

/** Bytes of log a call: the line of predict (docs/operations.md), Lambda's START, END and REPORT, the gateway's access log. */
export const logBytes = { predict: 900, platform: 400, access: 350 } as const

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** USD for the logs of a million calls. */
export const logsUsd = (): number => ((million * sum(Object.values(logBytes))) / bytesPerGb) * prices.logs.usd

/** Lambda records 5 % of the requests beyond one a second: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
const tracedShare = 0.05
export const tracesUsd = (): number => tracedShare * prices.traces.usd

/** What a million calls cost by what they are billed for; watching is logs and traces. */
export const callCost = (unitsPerCall: number = writeUnits.plain) => {
  const parts = {
    gateway: prices.gatewayRequests.usd,
    function: functionUsd(pricedCall.ms, pricedCall.memoryMb),
    meter: meterUsd(unitsPerCall),
    logs: logsUsd(),
    traces: tracesUsd(),
  }
  return { ...parts, total: sum(Object.values(parts)) }
}

/** A function that only checks the key, calls the endpoint, waits and writes the row: what SageMaker needs before it. */
const front = { ms: 15, memoryMb: 256 } as const
export const frontUsd = (): number => functionUsd(front.ms, front.memoryMb)

/** Both ways together, headers included: a call of one row. */
const payloadBytes = 1500
const dataUsd = (): number => ((million * payloadBytes) / bytesPerGb) * prices.serverlessData.usd

/** USD of compute for a million calls, 10 ms each, on SageMaker Serverless with 2 GB. */
export const serverlessUsd = (): number =>
  million * (pricedCall.ms / msPerSecond) * prices.serverless2Gb.usd + dataUsd()

/** The same gateway, meter and watching around an endpoint of SageMaker Serverless, for a million calls. */
export const serverlessCost = (withFront: boolean): number => {
  const { total, function: ours } = callCost()
  return total - ours + serverlessUsd() + (withFront ? frontUsd() : 0)
}

export const instanceMonthUsd = (): number => prices.c5Large.usd * hoursPerMonth

/**
 * Calls a month from which one ml.c5.large that never rests is cheaper than Percall's function; gateway, meter and
 * watching are the same and fall out: instance = n (function - front) -> n.
 */
export const breakEven = (withFront: boolean) => {
  const savedUsd = functionUsd(pricedCall.ms, pricedCall.memoryMb) - (withFront ? frontUsd() : 0)
  const callsPerMonth = (instanceMonthUsd() / savedUsd) * million
  return { callsPerMonth, callsPerSecond: callsPerMonth / secondsPerMonth }
}

/** Metrics that the alarms of the Watch stack look at: test/infra/watch.test.ts holds them to at most 19. */
const alarmedMetrics = 19

/** USD a month of a deployment that nobody calls, with nothing stored. */
export const atRestUsd = (): number => prices.keys.usd + alarmedMetrics * prices.alarmMetrics.usd

/** A refusal ends in the handler within a millisecond; no row, no write. */
const refusedMs = 1
export const refusedCost = () => {
  const gateway = prices.gatewayRequests.usd
  const handled = functionUsd(refusedMs, pricedCall.memoryMb)
  return {
    gateway,
    function: handled,
    watching: logsUsd() + tracesUsd(),
    total: gateway + handled + logsUsd() + tracesUsd(),
  }
}

/** Requests a second that the gateway lets through to predict: infra/service.ts. */
const mostPerSecond = 2000
export const refusedDayUsd = (): number => ((mostPerSecond * 24 * 3600) / million) * refusedCost().total

/** Bytes of a usage row, by network; DynamoDB stores 100 bytes more of each item. */
export const rowBytes = 370
const storedOverheadBytes = 100

/** USD a month that a million rows cost while they are kept: storage and recovery. */
export const rowsMonthUsd = (): number =>
  ((million * (rowBytes + storedOverheadBytes)) / bytesPerGb) * (prices.tableStorage.usd + prices.tableRecovery.usd)

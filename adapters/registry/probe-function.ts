import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { PercallError } from '../../src/errors.ts'
import type { ProbeEvent, ProbeReport } from '../../src/registry/probe.ts'
import { probeDeath } from '../../src/registry/registration.ts'
import { refusalOf } from '../../src/run/failure.ts'

type ProbeFunction = { readonly functions: LambdaClient; readonly functionName: string }

/** What Lambda answers for a function that threw or died. */
type FunctionFault = { readonly errorType?: string; readonly errorMessage?: string }

/** Runs a quarantined file in the probe function and waits. Throws what the probe refused; UNSUPPORTED_ONNX when it died. */
export const probeByFunction =
  ({ functions, functionName }: ProbeFunction) =>
  async (event: ProbeEvent): Promise<ProbeReport> => {
    const invoke = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) })
    const { FunctionError, Payload } = await functions.send(invoke)
    const answer: unknown = JSON.parse(new TextDecoder().decode(Payload))
    // The probe function's own answer: functions/probe.ts.
    if (FunctionError === undefined) return answer as ProbeReport
    const { errorType = '', errorMessage = '' } = answer as FunctionFault
    const cause = new Error(`probe: ${errorType}: ${errorMessage}`)
    const refusal = refusalOf(errorType, errorMessage) ?? probeDeath(errorType)
    if (refusal) throw new PercallError(refusal.code, refusal.message, { cause })
    throw cause
  }

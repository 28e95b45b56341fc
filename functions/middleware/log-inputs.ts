import { Logger } from '@aws-lambda-powertools/logger'
import type { Call } from '../../src/call/call.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'

// CloudWatch Logs takes 256 KB an event; a line of this much is enough to see what a caller sent.
const mostInputs = 16
const mostValues = 32
const mostCharacters = 64

let logger: Logger | undefined

const shown = (value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : typeof value === 'string' ? value.slice(0, mostCharacters) : value

const inputOf = ({ name, datatype, shape, data }: Tensor) => ({
  name,
  datatype,
  shape,
  first: Array.from({ length: Math.min(data.length, mostValues) }, (_, i) => shown(data[i])),
})

/** Reads a call's inputs, and writes their beginnings to the log where the model's owner asked for it (`logInputs`). */
export const loggingInputs =
  (read: Call['read'], requestId: string): Call['read'] =>
  (deployed) => {
    const question = read(deployed)
    if (!deployed.logInputs) return question
    logger ??= new Logger({ serviceName: 'predict' })
    const { model, number } = deployed.version
    const inputs = question.inputs.slice(0, mostInputs).map(inputOf)
    logger.info('inputs', { requestId, model, version: number, inputs })
    return question
  }

import { predictPorts } from '../adapters/wiring/predict.ts'
import { predictHandler } from './predict/handler.ts'

/** The data plane: every call of a model. */
export const handler = predictHandler(predictPorts())

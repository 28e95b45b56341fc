import { workPorts } from '../adapters/wiring/calls.ts'
import { predictPorts } from '../adapters/wiring/predict.ts'
import { observed } from './middleware/observed.ts'
import { explainRoutes } from './predict/explain.ts'
import { openInferenceRoutes } from './predict/open-inference.ts'
import { openAiRoutes } from './predict/openai.ts'
import { rowRoutes } from './predict/rows.ts'
import { type WorkEvent, workCall } from './predict/work.ts'

const ports = { ...predictPorts(), work: workPorts() }
const routes = [...openInferenceRoutes, ...rowRoutes, ...explainRoutes, ...openAiRoutes]

/** Answers one call whose caller did not wait. */
export const handler = observed<WorkEvent, void>('calls', workCall(routes, ports), ({ id }) => ({ callId: id }))

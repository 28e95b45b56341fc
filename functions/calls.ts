import { workPorts } from '../adapters/wiring/calls.ts'
import { predictPorts } from '../adapters/wiring/predict.ts'
import { laterFigures } from './middleware/call-figures.ts'
import { observed } from './middleware/observed.ts'
import { explainRoutes } from './predict/explain.ts'
import { openInferenceRoutes } from './predict/open-inference.ts'
import { openAiRoutes } from './predict/openai.ts'
import { rowRoutes } from './predict/rows.ts'
import { type WorkEvent, workCall } from './predict/work.ts'
import type { RouteResponse } from './route.ts'

const ports = { ...predictPorts(), work: workPorts() }
const routes = [...openInferenceRoutes, ...rowRoutes, ...explainRoutes, ...openAiRoutes]

const factsOf = ({ id }: WorkEvent) => ({ callId: id })

/** Answers one call whose caller did not wait. */
export const handler = observed<WorkEvent, RouteResponse['headers']>(
  'calls',
  workCall(routes, ports),
  factsOf,
  laterFigures,
)

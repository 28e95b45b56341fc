import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import type { Route } from '../route.ts'
import { callRoutes } from './calls.ts'
import { explainRoutes } from './explain.ts'
import { openInferenceRoutes } from './open-inference.ts'
import { openAiRoutes } from './openai.ts'
import { quoteRoutes } from './quote.ts'
import { rowRoutes } from './rows.ts'
import { statsRoutes } from './stats.ts'
import { consumerUploadRoutes } from './uploads.ts'

/** Every route of the data plane but those of batches. A file of this folder exports its part, and is added here. */
export const predictRoutes = [
  ...openInferenceRoutes,
  ...rowRoutes,
  ...explainRoutes,
  ...quoteRoutes,
  ...openAiRoutes,
  ...statsRoutes,
  ...callRoutes,
  ...consumerUploadRoutes,
] as const satisfies readonly Route<PredictPorts>[]

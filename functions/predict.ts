import middy from '@middy/core'
import { predictPorts } from '../adapters/wiring-predict.ts'
import { authenticate } from './middleware/authenticate.ts'
import { observe } from './middleware/observe.ts'
import { problem } from './middleware/problem.ts'
import { calling } from './predict/calling.ts'
import { callRoutes } from './predict/calls.ts'
import { openInferenceRoutes } from './predict/open-inference.ts'
import { openAiRoutes } from './predict/openai.ts'
import { rowRoutes } from './predict/rows.ts'
import { sized } from './predict/sized.ts'
import { statsRoutes } from './predict/stats.ts'
import { consumerUploadRoutes } from './predict/uploads.ts'
import { router } from './router.ts'

const ports = predictPorts()
const answered = [...openInferenceRoutes, ...rowRoutes, ...openAiRoutes].map(calling)
const routes = [...answered, ...statsRoutes, ...callRoutes, ...consumerUploadRoutes]

/** The data plane: every call of a model. */
export const handler = middy()
  .use(observe('predict', ports.ledgerFailures))
  .use(problem())
  .handler(sized(router(routes, ports, authenticate(ports)), ports))

import middy from '@middy/core'
import { predictPorts } from '../adapters/wiring-predict.ts'
import { authenticate } from './middleware/authenticate.ts'
import { observe } from './middleware/observe.ts'
import { problem } from './middleware/problem.ts'
import { calling } from './predict/calling.ts'
import { predictRoutes } from './predict/routes.ts'
import { sized } from './predict/sized.ts'
import { router } from './router.ts'

const ports = predictPorts()

/** The data plane: every call of a model. */
export const handler = middy()
  .use(observe('predict', ports.ledgerFailures))
  .use(problem())
  .handler(sized(router(predictRoutes.map(calling), ports, authenticate(ports)), ports))

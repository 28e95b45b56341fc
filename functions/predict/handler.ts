import middy from '@middy/core'
import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { authenticate } from '../middleware/authenticate.ts'
import { enter } from '../middleware/enter.ts'
import { observe } from '../middleware/observe.ts'
import { problem } from '../middleware/problem.ts'
import { router } from '../router.ts'
import { calling } from './calling.ts'
import { predictRoutes } from './routes.ts'
import { sized } from './sized.ts'

/** The handler of the data plane over its ports; the bench of a warm call gives it others. */
export const predictHandler = (ports: PredictPorts) => {
  const { ledgerFailures } = ports
  const { handOn, wasHandedOn } = sized(ports)
  return middy()
    .use(observe('predict', { ledgerFailures, wasHandedOn }))
    .use(problem())
    .handler(router(predictRoutes.map(calling), ports, authenticate(ports), { enter: enter(ports), handOn }))
}

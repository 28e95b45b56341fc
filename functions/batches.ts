import middy from '@middy/core'
import { batchPorts } from '../adapters/wiring/batches.ts'
import { batchRoutes } from './batches/routes.ts'
import { authenticate } from './middleware/authenticate.ts'
import { enter } from './middleware/enter.ts'
import { observe } from './middleware/observe.ts'
import { problem } from './middleware/problem.ts'
import { router } from './router.ts'

const ports = batchPorts()

/** Files of rows, answered and charged row by row. */
export const handler = middy()
  .use(observe('batches'))
  .use(problem())
  .handler(router(batchRoutes, ports, authenticate(ports), { enter: enter(ports) }))

import middy from '@middy/core'
import { controlPorts } from '../adapters/wiring/control.ts'
import { controlRoutes } from './control/routes.ts'
import { authenticate } from './middleware/authenticate.ts'
import { enter } from './middleware/enter.ts'
import { observe } from './middleware/observe.ts'
import { problem } from './middleware/problem.ts'
import { router } from './router.ts'

const ports = controlPorts()

/** The owner's control plane, and every path that no other function has. */
export const handler = middy()
  .use(observe('control'))
  .use(problem())
  .handler(router(controlRoutes, ports, authenticate(ports), { enter: enter(ports) }))

import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { encodedJson } from '../../src/call/encoded.ts'
import { negotiate } from '../middleware/negotiate.ts'
import type { Route } from '../route.ts'
import { openApi } from './generated/openapi.ts'

const show: Route<ControlPorts>['run'] = ({ headers }) => ({
  status: 200,
  ...negotiate(headers, encodedJson(JSON.stringify(openApi))),
})

/** The contract, which anyone may read: it tells no more than docs/http.md, and tools fetch it before they have a key. */
export const openApiRoutes = [
  { method: 'GET', path: '/openapi.json', access: 'public', run: show },
] as const satisfies readonly Route<ControlPorts>[]

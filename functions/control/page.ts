import type { ControlPorts } from '../../adapters/wiring/control.ts'
import type { Route } from '../route.ts'
import { consolePage, consolePolicy } from './generated/console-page.ts'

const show: Route<ControlPorts>['run'] = () => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': consolePolicy,
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  },
  body: consolePage,
})

/** The page at `/`; its reader brings the key. */
export const pageRoutes = [
  { method: 'GET', path: '/', access: 'public', run: show },
] as const satisfies readonly Route<ControlPorts>[]

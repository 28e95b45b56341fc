import type { ControlPorts } from '../../adapters/wiring-control.ts'
import type { Route } from '../route.ts'
import { serverMetadata } from '../server-metadata.ts'
import { aliasRoutes } from './aliases.ts'
import { consumerRoutes } from './consumers.ts'
import { datasetRoutes } from './datasets.ts'
import { keyRoutes } from './keys.ts'
import { meRoutes } from './me.ts'
import { modelRoutes } from './models.ts'
import { openApiRoutes } from './openapi.ts'
import { pageRoutes } from './page.ts'
import { priceRoutes } from './prices.ts'
import { registrationRoutes } from './registrations.ts'
import { runRoutes } from './runs.ts'
import { statsRoutes } from './stats.ts'
import { uploadRoutes } from './uploads.ts'
import { usageRoutes } from './usage.ts'
import { versionRoutes } from './versions.ts'

/** Every route of the control plane. A file of this folder exports its part, and is added here. */
export const controlRoutes = [
  serverMetadata,
  ...pageRoutes,
  ...openApiRoutes,
  ...modelRoutes,
  ...versionRoutes,
  ...statsRoutes,
  ...registrationRoutes,
  ...aliasRoutes,
  ...consumerRoutes,
  ...keyRoutes,
  ...usageRoutes,
  ...meRoutes,
  ...priceRoutes,
  ...datasetRoutes,
  ...uploadRoutes,
  ...runRoutes,
] as const satisfies readonly Route<ControlPorts>[]

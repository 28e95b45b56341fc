import type { ControlPorts } from '../../adapters/wiring/control.ts'
import type { Route } from '../route.ts'
import { serverMetadata } from '../server-metadata.ts'
import { adjustmentRoutes } from './adjustments.ts'
import { aliasRoutes } from './aliases.ts'
import { auditRoutes } from './audit.ts'
import { consumerRoutes } from './consumers.ts'
import { creditRoutes } from './credits.ts'
import { datasetRoutes } from './datasets.ts'
import { explanationRoutes } from './explanations.ts'
import { exportRoutes } from './exports.ts'
import { invoiceRoutes } from './invoices.ts'
import { keyRoutes } from './keys.ts'
import { meRoutes } from './me.ts'
import { modelRoutes } from './models.ts'
import { openApiRoutes } from './openapi.ts'
import { pageRoutes } from './page.ts'
import { priceRoutes } from './prices.ts'
import { reconciliationRoutes } from './reconciliations.ts'
import { registrationRoutes } from './registrations.ts'
import { runRoutes } from './runs.ts'
import { statsRoutes } from './stats.ts'
import { triggerRoutes } from './triggers.ts'
import { uploadRoutes } from './uploads.ts'
import { usageRoutes } from './usage.ts'
import { usageCsvRoutes } from './usage-csv.ts'
import { versionRoutes } from './versions.ts'

/** Every route of the control plane. A file of this folder exports its part, and is added here. */
export const controlRoutes = [
  serverMetadata,
  ...pageRoutes,
  ...openApiRoutes,
  ...modelRoutes,
  ...versionRoutes,
  ...explanationRoutes,
  ...statsRoutes,
  ...registrationRoutes,
  ...aliasRoutes,
  ...consumerRoutes,
  ...keyRoutes,
  ...creditRoutes,
  ...invoiceRoutes,
  ...adjustmentRoutes,
  ...exportRoutes,
  ...usageCsvRoutes,
  ...usageRoutes,
  ...meRoutes,
  ...priceRoutes,
  ...auditRoutes,
  ...reconciliationRoutes,
  ...datasetRoutes,
  ...uploadRoutes,
  ...runRoutes,
  ...triggerRoutes,
] as const satisfies readonly Route<ControlPorts>[]

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { Batches } from './batches.ts'
import { bundleOnce } from './kept-bundles.ts'
import { Service } from './service.ts'
import { readSettings } from './settings.ts'
import { Storage } from './storage.ts'
import { Training } from './training.ts'
import { Watch } from './watch.ts'

const root = join(import.meta.dirname, '..')

export type AppOptions = {
  /** Folder of the cloud assembly; the CDK CLI's own where absent. */
  readonly outdir?: string
  /** Folder of bundles and layers. */
  readonly build: string
  readonly context?: Readonly<Record<string, string>>
}

/** The whole product as a CDK app. The bundles must lie in `{build}/functions`. */
export const createApp = ({ outdir, build, context = {} }: AppOptions): App => {
  const { context: flags } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: object }
  const app = new App({ ...(outdir && { outdir }), analyticsReporting: false, context: { ...flags, ...context } })
  const settings = readSettings(app.node)
  const bundles = join(build, 'functions')
  const layerFolder = join(build, 'layers')
  const storage = new Storage(app, 'PercallStorage', {})
  const training = new Training(app, 'PercallTraining', { settings, storage, bundles, layerFolder })
  const batches = new Batches(app, 'PercallBatches', { settings, storage, bundles, layerFolder })
  const service = new Service(app, 'PercallService', { settings, storage, training, batches, bundles, layerFolder })
  new Watch(app, 'PercallWatch', { settings, storage, watched: [training, batches, service], apiId: service.apiId })
  return app
}

/** Both rule packs; a finding that is not acknowledged ends the synthesis. */
export const checkWithNag = (app: App): void => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  Validations.of(app).addPlugins(new ServerlessChecks(app))
}

if (import.meta.main) {
  const build = process.env.PERCALL_BUILD ?? join(root, 'dist')
  await bundleOnce(join(build, 'functions'))
  const app = createApp({ build })
  // `percall start` synthesises at each start; the tests and `cdk synth` are where the rules are checked.
  if (!process.env.PERCALL_BUILD) checkWithNag(app)
  app.synth()
}

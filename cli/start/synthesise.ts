import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { Failure } from '../failure.ts'

const root = join(import.meta.dirname, '..', '..')
// Locally the packages of a layer are linked from node_modules, so their manifest is all that is needed; SageMaker is on AWS only.
const localContext = { 'percall:layers': 'manifest', 'percall:sagemaker': 'false' }
// Batch's jobs run as processes.
const usualContext = { 'percall:batch': 'true' }

type Choices = {
  /** CDK context by key, as `cdk deploy -c` takes it. */
  readonly context?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Builds the functions and synthesises the CDK app into `{data}/cdk.out`; gives that folder. Throws SYNTHESIS_FAILED. */
export const synthesise = async (data: string, { context = {}, signal }: Choices = {}): Promise<string> => {
  const assembly = join(data, 'cdk.out')
  const child = spawn(process.execPath, [join(root, 'infra', 'app.ts')], {
    cwd: root,
    ...(signal && { signal }),
    env: {
      ...process.env,
      CDK_OUTDIR: assembly,
      // The CDK's own validation of templates takes 6 s of a processor; `npm run check` and a deployment do it.
      CDK_VALIDATION: 'false',
      PERCALL_BUILD: join(data, 'build'),
      CDK_CONTEXT_JSON: JSON.stringify({ ...usualContext, ...context, ...localContext }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const listen = (chunk: Buffer) => {
    said += chunk
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return assembly
  const hint = 'the lines above say which file; "npm run synth" repeats it alone'
  throw new Failure('SYNTHESIS_FAILED', `the CDK app ended with ${code}:\n${said.trimEnd()}`, hint)
}

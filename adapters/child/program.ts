import { join } from 'node:path'
import type { ChildProgram } from './model-child.ts'

/** child.js lies beside the bundle of every function that starts children: infra/build.ts. */
export const childProgram = (): ChildProgram => ({
  file: join(process.env.LAMBDA_TASK_ROOT ?? '.', 'child.js'),
  options: process.execArgv,
  environment: process.env,
})

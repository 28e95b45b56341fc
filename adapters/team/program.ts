import { join } from 'node:path'

/** member.js lies beside the bundle of every function that fits: infra/build.ts. */
export const memberProgram = (): string => join(process.env.LAMBDA_TASK_ROOT ?? '.', 'member.js')

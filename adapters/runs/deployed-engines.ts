import type { Engine } from '../../src/run/engine/engine-sizes.ts'
import { settingOr } from '../wiring/wiring.ts'

/** The engines that the stacks were made with (infra/settings.ts, which allows no other names). */
export const deployedEngines = (): readonly Engine[] => settingOr('PERCALL_ENGINES', 'lambda').split(',') as Engine[]

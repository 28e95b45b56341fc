import { readExplain } from '../../src/explain/explain-question.ts'
import { explaining } from './explaining.ts'
import type { CreateExplain } from './program.ts'

/** The program beside the bundles of functions that explain; it is read when the first explanation is asked for. */
export const createExplain: CreateExplain = (readArtifact) => readExplain(explaining({ readArtifact }))

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFiles } from './source-files.ts'

/** Above this a file holds more than one concept. */
const mostLines = 300

/** Files of `root` that are too long, one line each. */
export const lengthFaults = (root: string): readonly string[] =>
  sourceFiles(root).flatMap((path) => {
    const lines = readFileSync(join(root, path), 'utf8').trimEnd().split('\n').length
    return lines > mostLines ? [`${path}: expected at most ${mostLines} lines, got ${lines}`] : []
  })

import { globSync } from 'node:fs'

/** Paths from `root` of every file that people write in TypeScript or JavaScript: generated code and bundles aside. */
export const sourceFiles = (root: string): readonly string[] =>
  globSync('**/*.{ts,mjs,js}', {
    cwd: root,
    exclude: ['**/node_modules', '**/generated', 'dist', 'cdk.out', '.percall', 'coverage'],
  }).sort()

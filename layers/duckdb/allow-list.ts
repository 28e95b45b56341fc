import type { Layer } from '../layer.ts'

const licence = /^LICENSE/i

/** DuckDB for the functions that read tables; predict does without it. */
export const duckdb: Layer = {
  name: 'duckdb',
  packages: (arch) => [
    { name: '@duckdb/node-api', files: [/^package\.json$/, /^lib\/.*\.js$/, licence] },
    { name: '@duckdb/node-bindings', files: [/^package\.json$/, /^duckdb\.js$/, licence] },
    // npm installs only the laptop's own; the other processor's comes from the registry when the layer is built.
    {
      name: `@duckdb/node-bindings-linux-${arch}`,
      files: [/^package\.json$/, /^duckdb\.node$/, /^libduckdb\.so$/, licence],
    },
    // Tells glibc from musl, so that the loader does not start a process to find out.
    { name: 'detect-libc', files: [/^package\.json$/, /^lib\/.*\.js$/, licence] },
  ],
  local: ['@duckdb/node-api', '@duckdb/node-bindings', '@duckdb/node-bindings-{platform}-{arch}', 'detect-libc'],
}

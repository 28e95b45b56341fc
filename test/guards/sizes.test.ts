import { expect, test } from 'vitest'
import { lengthFaults } from '../../scripts/file-length.ts'
import { bundleFaults, layerFaults, layerSizeFaults } from '../../scripts/sizes.ts'
import { root, withFiles } from './planted.ts'

test('a file of 301 lines -> refused; of 300, or generated -> allowed', () => {
  const lines = (count: number): string => '// line\n'.repeat(count)
  const files = { 'src/long.ts': lines(301), 'src/fits.ts': lines(300), 'src/generated/long.js': lines(900) }
  expect(withFiles(files, lengthFaults)).toEqual(['src/long.ts: expected at most 300 lines, got 301'])
})

test('this repository -> no file above 300 lines', () => {
  expect(lengthFaults(root)).toEqual([])
})

const content = (sizeBytes: number, said = sizeBytes) => ({ sizeBytes: said, files: [{ sizeBytes }] })

test.for([
  ['within its budget', { x86_64: content(50e6), arm64: content(30e6) }, []],
  ['1 byte above on x86_64', { x86_64: content(50e6 + 1), arm64: content(30e6) }, [/x86_64: expected at most 50 MB/]],
  ['1 byte above on arm64', { x86_64: content(50e6), arm64: content(30e6 + 1) }, [/arm64: expected at most 30 MB/]],
  [
    'files that add up to more',
    { x86_64: content(9, 8), arm64: content(8) },
    [/expected 9 bytes, its manifest says 8/],
  ],
  ['no arm64', { x86_64: content(8) }, [/expected arm64 in its manifest/]],
] as const)('the onnxruntime layer, %s -> refused where it should be', ([, architectures, refusals]) => {
  // A table of literals gives every row another type; the manifest's has both architectures by name.
  const manifest = { architectures } as Parameters<typeof layerFaults>[1]
  expect(layerFaults('onnxruntime', manifest)).toEqual(refusals.map((text) => expect.stringMatching(text)))
})

test('the committed manifests -> within their budgets', () => {
  expect(layerSizeFaults(root)).toEqual([])
})

test.for([
  ['1 MB', { predict: 1e6 }, []],
  ['1 byte above 1 MB', { predict: 1e6 + 1 }, [/bundle predict: expected at most 1 MB/]],
  ['no bundle', {}, [/bundle predict: expected one, got none/]],
] as const)('predict of %s -> refused where it should be', ([, sizes, refusals]) => {
  expect(bundleFaults(sizes)).toEqual(refusals.map((text) => expect.stringMatching(text)))
})

import type { Layer } from '../layer.ts'

/** ONNX Runtime for Node: 288 MB as published (three systems, two processors), over Lambda's 250 MB; one processor is 46 or 26 MB. */
export const onnxruntime: Layer = {
  name: 'onnxruntime',
  packages: (arch) => [
    {
      name: 'onnxruntime-node',
      // The loader of dist/binding.js reads bin/napi-v6/{system}/{processor}; the other systems are left out.
      files: [/^package\.json$/, /^dist\/[^/]+\.js$/, new RegExp(`^bin/napi-v6/linux/${arch}/[^/]+$`)],
    },
    // Only the CommonJS half: the bundles are CommonJS.
    { name: 'onnxruntime-common', files: [/^package\.json$/, /^dist\/cjs\/.*\.js$/, /^dist\/cjs\/package\.json$/] },
  ],
  local: ['onnxruntime-node', 'onnxruntime-common'],
}

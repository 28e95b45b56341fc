import { join } from 'node:path'
import { AssetHashType, aws_lambda as lambda } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { buildLayer, layerHash } from '../../layers/build.ts'
import { duckdb } from '../../layers/duckdb/allow-list.ts'
import type { Layer } from '../../layers/layer.ts'
import { onnxruntime } from '../../layers/onnxruntime/allow-list.ts'
import { lambdaArchitecture, type Settings } from '../settings.ts'

/** The native packages, pruned to one processor; the hash comes from the manifest, which names every byte. */
export class Layers extends Construct {
  readonly onnxruntime: lambda.LayerVersion
  readonly duckdb: lambda.LayerVersion

  constructor(scope: Construct, id: string, settings: Settings, folder: string) {
    super(scope, id)
    const make = (name: string, layer: Layer): lambda.LayerVersion => {
      const built = buildLayer(layer, settings.architecture, settings.layerContent, join(folder, layer.name))
      return new lambda.LayerVersion(this, name, {
        code: lambda.Code.fromAsset(built, {
          assetHashType: AssetHashType.CUSTOM,
          assetHash: layerHash(layer, settings.architecture),
        }),
        compatibleRuntimes: [lambda.Runtime.NODEJS_24_X],
        compatibleArchitectures: [lambdaArchitecture(settings)],
        description: `${layer.name} for ${settings.architecture}`,
      })
    }
    this.onnxruntime = make('OnnxRuntime', onnxruntime)
    this.duckdb = make('DuckDb', duckdb)
  }
}

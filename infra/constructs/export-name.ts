import type { Stack } from 'aws-cdk-lib'

/** The name under which other stacks import a value of this one; cdk-nag names its findings by it. */
export const exportNameOf = (stack: Stack, value: string): string => {
  const imported = stack.resolve(stack.exportValue(value)) as { readonly 'Fn::ImportValue': string } // what exportValue gives
  return imported['Fn::ImportValue']
}

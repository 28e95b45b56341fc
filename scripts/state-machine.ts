import aslValidator from 'asl-validator'

/** What asl-validator refuses in a state machine's definition. */
export const definitionFaults = (definition: object): readonly string[] => {
  // It changes what it is given.
  const { isValid, errorsText } = aslValidator(structuredClone(definition))
  return isValid ? [] : [errorsText('\n')]
}

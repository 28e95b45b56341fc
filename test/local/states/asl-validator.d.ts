/** asl-validator 4 ships no types; this is what the tests use of it. */
declare module 'asl-validator' {
  export default function validate(definition: object): {
    readonly isValid: boolean
    readonly errorsText: (separator?: string) => string
  }
}

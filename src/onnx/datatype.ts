import type { Datatype } from '../tensor/tensor.ts'

/** TensorProto.DataType of each Open Inference datatype; the others (complex, float8, int4...) have none. */
export const elementTypes: Readonly<Record<Datatype, number>> = {
  FP32: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  BYTES: 8,
  BOOL: 9,
  FP16: 10,
  FP64: 11,
  UINT32: 12,
  UINT64: 13,
  BF16: 16,
}

const datatypes = new Map(Object.entries(elementTypes).map(([datatype, type]) => [type, datatype as Datatype])) // the table's keys are Datatypes

export const datatypeOf = (elementType: number): Datatype | undefined => datatypes.get(elementType)

/** What a model learns to answer. */
export type Task = 'regression' | 'binary' | 'multiclass'

/** What can learn it: a file each in estimators/. */
export type Algorithm = 'linear' | 'logistic' | 'mlp' | 'gbdt' | 'forest'

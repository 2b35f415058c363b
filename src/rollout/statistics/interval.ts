/** An estimate and the bounds that hold around it whenever one looks. */
export type Interval = { readonly estimate: number; readonly low: number; readonly high: number };

/** One line of the doctor's report. */
export interface Finding {
  /** `aside` is worth knowing and nothing to mend. */
  readonly state: 'well' | 'ill' | 'aside';
  readonly what: string;
  /** What to do about it. */
  readonly todo?: string;
}

export function well(what: string): Finding {
  return { state: 'well', what };
}

export function ill(what: string, todo?: string): Finding {
  return { state: 'ill', what, ...(todo === undefined ? {} : { todo }) };
}

export function aside(what: string, todo?: string): Finding {
  return { state: 'aside', what, ...(todo === undefined ? {} : { todo }) };
}

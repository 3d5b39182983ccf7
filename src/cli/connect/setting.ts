/** One value that a client reads from a settings file of its own. */
export interface Setting {
  /** Member names from the outside in; one name in a `.env` file. */
  readonly path: readonly string[];
  readonly value: string;
  /** Shown whole to the person who asked for it, and masked everywhere else. */
  readonly secret?: boolean;
}

/** A person's own file that cannot be changed without risk to what is in it; the message says why. */
export class Uneditable extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'Uneditable';
  }
}

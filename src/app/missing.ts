/** How use cases say that something asked for is not there, or is somebody else's already. */
import { type Refused, refused } from '../core/errors.ts';

/** A 404. `pointer`: the field of the request that names it, when it is not the path that does. */
export function missing(noun: string, pointer?: string): Refused {
  const message = `There is no such ${noun} here.`;
  return refused('not_found', message, pointer === undefined ? {} : { problems: [{ pointer, message }] });
}

/** A 422 about one field. */
export function unfit(pointer: string, message: string): Refused {
  return refused('unprocessable', `${pointer.slice(1)} ${message}.`, { problems: [{ pointer, message }] });
}

/** A 409 about one field. */
export function taken(noun: string, field: string): Refused {
  const message = `Another ${noun} has this already.`;
  return refused('conflict', message, { problems: [{ pointer: `/${field}`, message }] });
}

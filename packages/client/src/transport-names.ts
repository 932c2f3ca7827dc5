// Stands for a transport in the option `transports`, where the transport itself is fetched only when it is needed.

import { CHECKS } from "./checks.ts";
import { clientTypeError } from "./errors.ts";
import type { TransportClass } from "./options.ts";

/** Makes a class that names a transport. It cannot be instantiated: `@sockeye/client/engine` has the class itself. */
export function transportNamed(name: string): TransportClass {
  class Named {
    static readonly standsFor: string = name;

    get name(): string {
      return name;
    }
  }
  class Refusing extends Named {
    constructor() {
      super();
      throw clientTypeError(
        "ERR_TRANSPORT_CLASS",
        `the class of the transport ${name} is in @sockeye/client/engine`,
      );
    }
  }
  return (CHECKS ? Refusing : Named) as unknown as TransportClass;
}

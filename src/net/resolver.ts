/** Name resolution as a port, so that tests and repeatable runs need no network. */
export interface Resolver {
  /** The name servers that are asked, where it is not left to this machine: `192.0.2.53, [::1]:5353`. */
  readonly servers?: string;
  /** Addresses of a host in the order to try them. Rejects with an `Error` whose `code` is `ENOTFOUND`, `ENODATA`, … */
  addresses(host: string, signal?: AbortSignal): Promise<readonly Address[]>;
  /**
   * The MX records of a domain, in any order; empty where it exists without any. Rejects with `ENOTFOUND` where the
   * domain does not exist and with another code where the servers failed.
   */
  mx(domain: string, signal?: AbortSignal): Promise<readonly MxRecord[]>;
}

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

export interface MxRecord {
  readonly exchange: string;
  readonly preference: number;
}

import type { Upstream } from '../core/UpstreamRegistry';
import type { AlertmanagerMatcher } from './formatMatcher';
import type {
  AlertmanagerAlert,
  AlertmanagerAlertGroup,
  AlertmanagerSilence,
  AlertmanagerStatus,
} from './types';

/** @public */
export interface AlertmanagerCallOptions {
  readonly signal?: AbortSignal;
}

/** Which alerts are wanted; all conditions have to be met. @public */
export interface AlertmanagerAlertFilter extends AlertmanagerCallOptions {
  readonly filter?: readonly AlertmanagerMatcher[];
  /** The name of the receiver. */
  readonly receiver?: string;
  /** With those that nothing holds back. @defaultValue true */
  readonly active?: boolean;
  /** With silenced ones. @defaultValue true */
  readonly silenced?: boolean;
  /** With those that another alert holds back. @defaultValue true */
  readonly inhibited?: boolean;
}

/** @public */
export interface AlertmanagerSilenceDraft {
  /**
   * To change this one. If the matchers are others, or the start of an active one is, Alertmanager ends it and makes
   * a new one with another id.
   */
  readonly id?: string;
  /** At least one, and one that an absent label does not meet. */
  readonly matchers: readonly AlertmanagerMatcher[];
  /** ISO 8601. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

/**
 * One Alertmanager. Of several that know each other, any one will do.
 *
 * @public
 */
export interface AlertmanagerClient {
  readonly instance: string;
  readonly upstream: Upstream;
  /** The firing alerts. Ended and pending ones are not there. */
  alerts(filter?: AlertmanagerAlertFilter): Promise<AlertmanagerAlert[]>;
  /** The firing alerts by receiver and the labels that the route groups by. */
  alertGroups(
    filter?: AlertmanagerAlertFilter,
  ): Promise<AlertmanagerAlertGroup[]>;
  /** The silences, with ended ones for some days. */
  silences(
    options?: AlertmanagerCallOptions & {
      readonly filter?: readonly AlertmanagerMatcher[];
      /** With ended ones. @defaultValue true */
      readonly expired?: boolean;
    },
  ): Promise<AlertmanagerSilence[]>;
  findSilence(
    id: string,
    options?: AlertmanagerCallOptions,
  ): Promise<AlertmanagerSilence | undefined>;
  /** Creates a silence, or changes one. Never repeated by itself. @returns Its id, which may be a new one. */
  setSilence(
    draft: AlertmanagerSilenceDraft,
    options?: AlertmanagerCallOptions,
  ): Promise<string>;
  /** Ends a silence; it stays listed as ended. @throws UpstreamError `not-found` if there is none. */
  expireSilence(id: string, options?: AlertmanagerCallOptions): Promise<void>;
  /** The names of all receivers. */
  receivers(options?: AlertmanagerCallOptions): Promise<string[]>;
  status(options?: AlertmanagerCallOptions): Promise<AlertmanagerStatus>;
  close(): Promise<void>;
}

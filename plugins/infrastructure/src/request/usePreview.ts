import { useApi } from '@backstage/frontend-plugin-api';
import type {
  Preview,
  PreviewRequest,
} from '@waystone/plugin-infrastructure-common';
import { useEffect, useState } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';

const PAUSE_MS = 400;

/** What the cluster says of a request as it is typed. */
export interface LivePreview {
  /** The last answer; of an older request while `isBusy`. */
  readonly value?: Preview;
  readonly error?: Error;
  readonly isBusy: boolean;
}

/**
 * Asks again after every change, once typing pauses.
 *
 * @param body - undefined while there is not enough to ask for
 */
export function usePreview(body: PreviewRequest | undefined): LivePreview {
  const api = useApi(infrastructureApiRef);
  const [state, setState] = useState<LivePreview>({ isBusy: false });
  const text = body && JSON.stringify(body);

  useEffect(() => {
    if (!text) {
      setState({ isBusy: false });
      return undefined;
    }
    const controller = new AbortController();
    const { signal } = controller;
    setState(before => ({ ...before, isBusy: true }));
    const timer = setTimeout(async () => {
      try {
        const value = await api.preview(JSON.parse(text), signal);
        if (!signal.aborted) {
          setState({ value, isBusy: false });
        }
      } catch (error) {
        if (!signal.aborted) {
          setState(({ value }) => ({
            value,
            error: error as Error,
            isBusy: false,
          }));
        }
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [api, text]);

  return state;
}

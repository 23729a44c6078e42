import type { Proposal } from '@waystone/plugin-catalog-overview-common';
import { useState } from 'react';

/** A pull request on its way: asked for, confirmed, opened. */
export interface ProposalState {
  readonly asking: boolean;
  readonly busy: boolean;
  readonly value?: Proposal;
  readonly error?: Error;
  ask(): void;
  cancel(): void;
  confirm(): void;
}

/** Opens a pull request once it was confirmed. */
export function useProposal(open: () => Promise<Proposal>): ProposalState {
  const [state, setState] = useState<{
    step: 'idle' | 'asking' | 'busy';
    value?: Proposal;
    error?: Error;
  }>({ step: 'idle' });
  return {
    asking: state.step !== 'idle',
    busy: state.step === 'busy',
    value: state.value,
    error: state.error,
    ask: () => setState({ step: 'asking' }),
    cancel: () => setState({ step: 'idle' }),
    confirm: () => {
      setState({ step: 'busy' });
      open().then(
        value => setState({ step: 'idle', value }),
        error => setState({ step: 'asking', error }),
      );
    },
  };
}

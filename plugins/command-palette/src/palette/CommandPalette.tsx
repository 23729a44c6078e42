import { useApi } from '@backstage/frontend-plugin-api';
import { useEffect, useSyncExternalStore } from 'react';
import { commandPaletteApiRef } from '../api/CommandPaletteApi';
import type { PaletteAction } from './PaletteActionBlueprint';
import { PaletteDialog } from './PaletteDialog';

/** Waits for Ctrl K or ⌘K on every page. @internal */
export function CommandPalette(props: { actions: readonly PaletteAction[] }) {
  const palette = useApi(commandPaletteApiRef);
  const open = useSyncExternalStore(palette.subscribe, palette.isOpen);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (
        event.key.toLocaleLowerCase('en-US') === 'k' &&
        (event.metaKey || event.ctrlKey) &&
        !event.shiftKey &&
        !event.altKey
      ) {
        event.preventDefault();
        if (palette.isOpen()) {
          palette.close();
        } else {
          palette.open();
        }
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [palette]);

  return open ? (
    <PaletteDialog actions={props.actions} onClose={palette.close} />
  ) : null;
}

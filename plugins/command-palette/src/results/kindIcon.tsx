import {
  RiArrowLeftRightLine,
  RiBookOpenLine,
  RiBox3Line,
  RiAddBoxLine,
  RiDatabase2Line,
  RiFolderLine,
  RiNodeTree,
  RiPlugLine,
  RiStackLine,
  RiTeamLine,
  RiUserLine,
} from '@remixicon/react';
import type { ReactElement } from 'react';

const ICONS: Record<string, ReactElement> = {
  api: <RiPlugLine />,
  component: <RiStackLine />,
  docs: <RiBookOpenLine />,
  domain: <RiFolderLine />,
  group: <RiTeamLine />,
  operation: <RiArrowLeftRightLine />,
  resource: <RiDatabase2Line />,
  system: <RiNodeTree />,
  template: <RiAddBoxLine />,
  user: <RiUserLine />,
};

/** The icon of what search finds. */
export function kindIcon(kind: string): ReactElement {
  return ICONS[kind] ?? <RiBox3Line />;
}

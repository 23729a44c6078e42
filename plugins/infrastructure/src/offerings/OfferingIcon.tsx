import {
  RiArchiveLine,
  RiCpuLine,
  RiDatabase2Line,
  RiExchange2Line,
  RiFlashlightLine,
  RiFolderLine,
  RiGlobalLine,
  RiStackLine,
} from '@remixicon/react';

const icons: Readonly<Record<string, typeof RiStackLine>> = {
  database: RiDatabase2Line,
  cache: RiFlashlightLine,
  bucket: RiArchiveLine,
  queue: RiExchange2Line,
  network: RiGlobalLine,
  compute: RiCpuLine,
  folder: RiFolderLine,
};

/** The picture of an offering. */
export function OfferingIcon(props: { icon?: string }) {
  const Icon =
    props.icon && Object.hasOwn(icons, props.icon)
      ? icons[props.icon]
      : RiStackLine;
  return <Icon size={20} aria-hidden />;
}

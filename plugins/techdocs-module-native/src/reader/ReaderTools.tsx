import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, ButtonLink, Tooltip, TooltipTrigger } from '@backstage/ui';
import {
  RiBugLine,
  RiCollapseHorizontalLine,
  RiExpandHorizontalLine,
  RiKeyboardLine,
  RiPrinterLine,
} from '@remixicon/react';
import { techdocsNativeTranslationRef } from '../translation';
import { KeyboardHelp } from './KeyboardHelp';
import styles from './ReaderTools.module.css';
import { useReaderKeys } from './useReaderKeys';
import { useReadingWidth } from './useReadingWidth';

/** What a reader may do with the page that is shown. */
export function ReaderTools(props: { issueUrl?: string }) {
  const { issueUrl } = props;
  const { t } = useTranslationRef(techdocsNativeTranslationRef);
  const { toggle, width } = useReadingWidth();
  const [help, setHelp] = useState(false);
  const [openHelp] = useState(() => () => setHelp(true));
  useReaderKeys({ onHelp: openHelp, onWidth: toggle });
  const isWide = width === 'wide';
  const widthLabel = t(isWide ? 'tools.narrow' : 'tools.wide');
  return (
    <div className={styles.tools}>
      {issueUrl && (
        <ButtonLink
          href={issueUrl}
          target="_blank"
          rel="noopener noreferrer"
          variant="tertiary"
          size="small"
          iconStart={<RiBugLine aria-hidden />}
        >
          {t('tools.issue')}
        </ButtonLink>
      )}
      <span className={styles.width}>
        <TooltipTrigger>
          <ButtonIcon
            variant="tertiary"
            size="small"
            aria-label={widthLabel}
            icon={
              isWide ? <RiCollapseHorizontalLine /> : <RiExpandHorizontalLine />
            }
            onPress={toggle}
          />
          <Tooltip>{widthLabel}</Tooltip>
        </TooltipTrigger>
      </span>
      <TooltipTrigger>
        <ButtonIcon
          variant="tertiary"
          size="small"
          aria-label={t('tools.print')}
          icon={<RiPrinterLine />}
          onPress={() => window.print()}
        />
        <Tooltip>{t('tools.print')}</Tooltip>
      </TooltipTrigger>
      <span className={styles.keys}>
        <TooltipTrigger>
          <ButtonIcon
            variant="tertiary"
            size="small"
            aria-label={t('tools.keys')}
            icon={<RiKeyboardLine />}
            onPress={openHelp}
          />
          <Tooltip>{t('tools.keys')}</Tooltip>
        </TooltipTrigger>
      </span>
      <KeyboardHelp isOpen={help} onOpenChange={setHelp} />
    </div>
  );
}

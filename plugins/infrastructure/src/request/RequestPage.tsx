import { useParams } from 'react-router-dom';
import { PageFrame } from '../components/PageFrame';
import { OfferingForm } from './OfferingForm';

/** The form of one offering, with its live preview. */
export function RequestPage(props: { base: string }) {
  const { base } = props;
  const { offering = '' } = useParams();
  return (
    <PageFrame base={base}>
      <OfferingForm key={offering} base={base} offering={offering} />
    </PageFrame>
  );
}

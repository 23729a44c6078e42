import { UserIdentity } from '@backstage/core-components';
import {
  configApiRef,
  type IdentityApi,
  useApi,
  useApiHolder,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import type { SignInPageProps } from '@backstage/plugin-app-react';
import { Alert, Button, Text } from '@backstage/ui';
import { useEffect, useMemo, useState } from 'react';
import { LogoMark } from '../../components/Logo';
import { shellTranslationRef } from '../words/shellTranslationRef';
import {
  readSignInProviders,
  type SignInProvider,
} from './readSignInProviders';
import { signInHint } from './signInHint';
import styles from './SignInPage.module.css';

type Failure = 'noEmail' | 'unknownPerson' | 'cancelled' | 'other';

/**
 * What a failure means to the person. The text itself comes from the address or from the identity provider and
 * is never shown: anybody could make a link that puts words of their own on the sign-in page.
 */
export function explainFailure(message: string): Failure {
  if (/not contain an e-?mail/i.test(message)) {
    return 'noEmail';
  }
  if (/user identity|not found/i.test(message)) {
    return 'unknownPerson';
  }
  return /access_denied|cancel|denied/i.test(message) ? 'cancelled' : 'other';
}

/** Takes the failure that the sign-in redirect left in the address, and cleans the address. */
function takeRedirectError(): Failure | undefined {
  const url = new URL(window.location.href);
  const error = url.searchParams.get('error');
  if (error === null) {
    return undefined;
  }
  url.searchParams.delete('error');
  window.history.replaceState(window.history.state, '', url);
  return explainFailure(error);
}

function forgetHintOnSignOut(identityApi: IdentityApi): IdentityApi {
  const signOut = identityApi.signOut.bind(identityApi);
  return Object.assign(identityApi, {
    signOut: () => {
      signInHint.clear();
      return signOut();
    },
  });
}

/**
 * Restores the session of somebody who signed in before; otherwise offers the configured ways to sign in.
 * The address stays what it was, so that a deep link survives signing in.
 */
export function SignInPage(props: SignInPageProps) {
  const { onSignInSuccess } = props;
  const apis = useApiHolder();
  const config = useApi(configApiRef);
  const { t } = useTranslationRef(shellTranslationRef);
  const providers = useMemo(() => readSignInProviders(config), [config]);
  // Nothing is painted while a session is picked up, so that the card does not flash at every load
  const [restoring, setRestoring] = useState(() =>
    providers.some(({ id }) => id === signInHint.get()),
  );
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState(takeRedirectError);

  const finish = useMemo(
    () => async (provider: SignInProvider, options: { restore: boolean }) => {
      const authApi = apis.get(provider.apiRef);
      if (!authApi) {
        throw new Error(`No API for the sign-in provider '${provider.id}'`);
      }
      const response = await authApi.getBackstageIdentity(
        options.restore ? { optional: true } : { instantPopup: true },
      );
      if (!response) {
        return false;
      }
      const identityApi = UserIdentity.create({
        identity: response.identity,
        profile: await authApi.getProfile(),
        authApi,
      });
      onSignInSuccess(forgetHintOnSignOut(identityApi));
      return true;
    },
    [apis, onSignInSuccess],
  );

  useEffect(() => {
    let cancelled = false;
    (async () => {
      const hinted = providers.find(({ id }) => id === signInHint.get());
      if (hinted) {
        // A session that can't be restored has ended, and the person signs in again. The hint stays:
        // the failure may be a passing one, such as a reload in the middle of the request
        const restored = await finish(hinted, { restore: true }).catch(
          () => false,
        );
        if (restored || cancelled) {
          return;
        }
      }
      setRestoring(false);
    })();
    return () => {
      cancelled = true;
    };
  }, [finish, providers]);

  const signIn = async (provider: SignInProvider) => {
    setBusy(provider.id);
    setFailure(undefined);
    // Signing in leaves the page; the hint makes the session be picked up on return
    signInHint.set(provider.id);
    try {
      await finish(provider, { restore: false });
    } catch (e) {
      setFailure(explainFailure(e instanceof Error ? e.message : String(e)));
      setBusy(undefined);
    }
  };

  const title = config.getOptionalString('app.title') ?? 'Waystone';

  if (restoring) {
    return <main className={styles.page} aria-busy="true" />;
  }
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <LogoMark size={40} />
        <Text as="h1" variant="title-small" weight="bold">
          {t('signIn.title', { title })}
        </Text>
        <Text color="secondary">{t('signIn.subtitle')}</Text>
        {failure && (
          <Alert
            role="alert"
            status="danger"
            title={t('signIn.failed')}
            description={t(`signIn.failure.${failure}`)}
            className={styles.alert}
          />
        )}
        <div className={styles.actions}>
          {providers.map(provider => (
            <Button
              key={provider.id}
              isDisabled={busy !== undefined}
              onPress={() => signIn(provider)}
              size="medium"
              className={styles.button}
            >
              {busy === provider.id
                ? t('signIn.busy', { title: provider.title })
                : t('signIn.button', { title: provider.title })}
            </Button>
          ))}
          {providers.length === 0 && (
            <Alert
              status="warning"
              title={t('signIn.none')}
              description={t('signIn.noneHelp')}
            />
          )}
        </div>
      </div>
    </main>
  );
}

/** Language and theme, one tap each. The texts are the application's: `shell.language`, `shell.theme`, `shell.theme-...`. */
import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { Button, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { isLanguage, type Language, languages } from '../words/languages.ts';
import { applyTheme, keepLanguage, preferredTheme, type Theme, themes } from './preferences.ts';

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <ToggleButtonGroup
      className="language-switch"
      aria-label={t('shell.language')}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[i18n.language]}
      onSelectionChange={(keys) => {
        const [chosen] = keys;
        if (typeof chosen !== 'string' || !isLanguage(chosen)) return;
        keepLanguage(chosen);
        void i18n.changeLanguage(chosen);
      }}
    >
      {(Object.keys(languages) as Language[]).map((code) => (
        <ToggleButton
          key={code}
          id={code}
          className="language-choice"
          aria-label={languages[code]}
          data-testid={`language-${code}`}
        >
          <span lang={code}>{code.toUpperCase()}</span>
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

const themeIcons = { auto: Monitor, light: Sun, dark: Moon } as const;

/** @param iconSize pixels */
export function ThemeSwitch({ iconSize }: { readonly iconSize: number }) {
  const { t } = useTranslation();
  const [theme, setTheme] = useState<Theme>(preferredTheme);
  const Icon = themeIcons[theme];
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
  return (
    <Button
      className="icon-button"
      data-testid="theme-switch"
      aria-label={t('shell.theme', { theme: t(`shell.theme-${theme}`) })}
      onPress={() => {
        applyTheme(next);
        setTheme(next);
      }}
    >
      <Icon aria-hidden size={iconSize} strokeWidth={1.75} />
    </Button>
  );
}

/**
 * What the kiosk window may do: show the agent's screens and nothing else. Pure, so that every rule has a test
 * without Electron. Source: Electron's security checklist.
 */
import type { BrowserWindowConstructorOptions } from 'electron';

export function windowOptions(preload: string, isFullScreen: boolean): BrowserWindowConstructorOptions {
  return {
    show: false,
    kiosk: isFullScreen,
    fullscreen: isFullScreen,
    autoHideMenuBar: true,
    width: 1280,
    height: 800,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !isFullScreen,
    },
  };
}

/** The window stays on its agent: same origin, no credentials in the address. */
export function mayNavigate(target: string, agentUrl: string): boolean {
  if (!URL.canParse(target)) return false;
  const to = new URL(target);
  return to.origin === new URL(agentUrl).origin && to.username === '' && to.password === '';
}

/** Keys that leave a kiosk: reload, close, quit, developer tools, zoom. */
export function isEscapeKey(input: {
  readonly key: string;
  readonly control: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}): boolean {
  const key = input.key.toLowerCase();
  if (['f5', 'f11', 'f12'].includes(key)) return true;
  if (input.alt && ['f4', 'arrowleft', 'arrowright', 'home'].includes(key)) return true;
  const withCommand = input.control || input.meta;
  if (withCommand && ['r', 'w', 'q', 'n', 't', 'p', 'o', 'u', 'h', 'j', '+', '-', '=', '0'].includes(key))
    return true;
  return withCommand && input.shift && ['i', 'c', 'j', 'k', 'delete'].includes(key);
}

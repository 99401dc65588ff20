/** The one thing the screens may ask their shell: what it is. No Node, no messages to elsewhere. */
import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('truecountShell', {
  info: (): Promise<unknown> => ipcRenderer.invoke('shell:info'),
});

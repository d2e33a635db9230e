export function InstallTab() { return null; }

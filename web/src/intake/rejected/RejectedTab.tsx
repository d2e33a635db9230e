export function RejectedTab() { return null; }

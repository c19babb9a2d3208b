/** Session storage ends with the tab; a credential is never put into a URL or a cookie. */
const STORAGE_KEY = "vaarta.credential";

export function storedCredential(): string | null {
  return sessionStorage.getItem(STORAGE_KEY);
}

export function storeCredential(credential: string): void {
  sessionStorage.setItem(STORAGE_KEY, credential);
}

export function forgetCredential(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}

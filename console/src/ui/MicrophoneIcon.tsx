/** Radix has no microphone among its icons; drawn on their 15-pixel grid. */
export function MicrophoneIcon() {
  return (
    <svg width="15" height="15" viewBox="0 0 15 15" fill="none" aria-hidden="true">
      <rect x="5" y="1" width="5" height="8" rx="2.5" fill="currentColor" />
      <path
        d="M2.8 7a4.7 4.7 0 0 0 9.4 0M7.5 11.7V14"
        stroke="currentColor"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** Small drawings; what they mean is always said beside them or in the button's name. */
import type { ReactNode } from 'react';

type Props = { readonly children: ReactNode; readonly size?: number; readonly className?: string };

export function Icon({ children, size = 18, className }: Props) {
  return (
    <svg
      aria-hidden="true"
      className={className}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

export const SunIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4" />
  </Icon>
);

export const MoonIcon = () => (
  <Icon>
    <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />
  </Icon>
);

export const DeviceIcon = () => (
  <Icon>
    <rect x="3.5" y="5" width="17" height="11.5" rx="2" />
    <path d="M9 20h6M12 16.5V20" />
  </Icon>
);

/** Points down; up where what it stands at is open (page.css). */
export const ChevronIcon = () => (
  <Icon size={16} className="chevron">
    <path d="m6 9 6 6 6-6" />
  </Icon>
);

/** The mark of the product: a voice. */
export const Mark = () => (
  <svg aria-hidden="true" width="32" height="32" viewBox="0 0 32 32" className="mark">
    <rect width="32" height="32" rx="9" />
    <path d="M8.5 14v4M13.5 10v12M18.5 7.5v17M23.5 12.5v7" />
  </svg>
);

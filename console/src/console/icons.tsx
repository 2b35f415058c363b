/** Small drawings; what they mean is always said in words beside them. */
import { Icon } from '../shared/icons.tsx';

type Props = { readonly size?: number };

export const CheckIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
);

export const WarningIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <path d="M12 4 2.8 19.5h18.4L12 4ZM12 10v4.5M12 17.2v.1" />
  </Icon>
);

/** Not decided yet: an hourglass. */
export const OpenIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <path d="M7 4h10M7 20h10M8 4v3.5L12 12l4-4.5V4M8 20v-3.5L12 12l4 4.5V20" />
  </Icon>
);

export const EyeIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" />
    <circle cx="12" cy="12" r="2.6" />
  </Icon>
);

export const PauseIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <path d="M8.5 6v12M15.5 6v12" />
  </Icon>
);

export const PlayIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <path d="M8 5.5v13l10.5-6.5L8 5.5Z" />
  </Icon>
);

export const RollBackIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <path d="M8.5 5 4 9.5 8.5 14M4.5 9.5H14a5.5 5.5 0 0 1 0 11H9" />
  </Icon>
);

export const UpIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <path d="M12 19.5v-15M5.5 11 12 4.5l6.5 6.5" />
  </Icon>
);

export const PersonIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <circle cx="12" cy="8" r="3.6" />
    <path d="M4.8 20c.7-4 3.6-6 7.2-6s6.5 2 7.2 6" />
  </Icon>
);

export const AutopilotIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="8.5" />
    <circle cx="12" cy="12" r="2.2" />
    <path d="M3.8 10.5 9.9 11.3M20.2 10.5l-6.1.8M12 14.2v6.2" />
  </Icon>
);

export const SystemIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <rect x="4" y="5" width="16" height="6" rx="1.5" />
    <rect x="4" y="13" width="16" height="6" rx="1.5" />
    <path d="M7.5 8v.1M7.5 16v.1" />
  </Icon>
);

export const DotIcon = ({ size = 18 }: Props) => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="4" />
  </Icon>
);

export type Role = 'annotator' | 'adjudicator' | 'lead' | 'customer' | 'admin';

export interface Credential {
  degree: string;
  years: number;
  subdomains: string[];
  languages: string[];
  /** Items of these come to the person first, where a project asks for it. */
  specialties?: string[] | null;
}

/** How people sign in here: with a one-time link, or, when there are addresses, with their own account. */
export interface SignInWays {
  authMode: 'local' | 'platform';
  signIn: string | null;
  signOut: string | null;
}

export interface Me {
  personId: string;
  name: string;
  pseudonym: string;
  roles: Role[];
  projects: string[];
  credential: Credential | null;
  authMode: 'local' | 'platform';
  signOut: string | null;
  /** Sign-in links that were made for this person lately, newest first. */
  links: MadeLink[];
}

export interface MadeLink {
  by: string;
  at: string;
  usedAt?: string | null;
}

export interface Session {
  startedAt: string | null;
  lastSeenAt: string | null;
  expiresAt: string;
  /** The id of who made the link it began with; absent for the program itself. */
  linkBy?: string | null;
  /** The one that asks. */
  here: boolean;
}

export interface Person {
  personId: string;
  name: string;
  email: string | null;
  pseudonym: string;
  roles: Role[];
  projects: string[];
  credential: Credential | null;
  active: boolean;
  simulated: boolean;
  /** Whether one may change them. */
  manageable: boolean;
  /** When a lead asked for a sign-in link that nobody has made yet. */
  linkAskedFor?: string | null;
  etag: string;
}

export type PersonInput = Pick<Person, 'name' | 'email' | 'roles' | 'projects' | 'credential' | 'active'>;

export interface Invite {
  link: string;
  expiresAt: string;
}

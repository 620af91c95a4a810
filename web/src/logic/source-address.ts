/** What kind of record an address names, where its form says so. */
export type RecordKind = 'pubmed' | 'pmc' | 'doi' | 'trial' | 'bookshelf';

export interface Understood {
  /** The full address that stands for what was typed. */
  url: string;
  /** In words: what it was understood as. */
  as: string;
}

const doi = /\b(10\.\d{4,9}\/[^\s"<>]+[^\s"<>.,;)\]])/i;

/**
 * What somebody typed as a source, as an address: identifiers as they stand in a paper, an address without its beginning, or a
 * citation, which becomes the search that finds it. Null while there is nothing to understand.
 */
export function understood(typed: string): Understood | null {
  const text = typed.trim();
  if (/^https?:\/\//i.test(text)) return isFollowedByWords(text) ? addressWithin(text) : fullAddress(text.replace(/[.,;]+$/, ''));
  const plain = text.normalize('NFKC'); // wide colons and digits come with what is pasted
  return identifier(plain) ?? addressWithin(text) ?? bareAddress(plain) ?? citation(plain);
}

/** The address to keep for what was typed. */
export function addressOf(typed: string): string {
  return understood(typed)?.url ?? typed.trim();
}

function identifier(text: string): Understood | null {
  const pmc = /\bPMC\s*:?\s*(?:PMC)?(\d{4,9})\b/i.exec(text) ?? /\bPMCID\s*:?\s*(?:PMC)?(\d{4,9})\b/i.exec(text);
  if (pmc) return { url: `https://pmc.ncbi.nlm.nih.gov/articles/PMC${pmc[1]}/`, as: `PubMed Central PMC${pmc[1]}` };
  const pubmed = /\b(?:PMID|PubMed(?:\s+ID)?)\s*:?\s*(\d{4,9})\b/i.exec(text) ?? /^(\d{7,8})$/.exec(text);
  if (pubmed) return { url: `https://pubmed.ncbi.nlm.nih.gov/${pubmed[1]}/`, as: `PubMed ${pubmed[1]}` };
  const trial = /\bNCT\s*:?\s*(\d{8})\b/i.exec(text);
  if (trial) return { url: `https://clinicaltrials.gov/study/NCT${trial[1]}`, as: `trial NCT${trial[1]}` };
  const registered = /\bISRCTN\s*:?\s*(\d{8})\b/i.exec(text);
  if (registered) return { url: `https://www.isrctn.com/ISRCTN${registered[1]}`, as: `trial ISRCTN${registered[1]}` };
  const found = doi.exec(text);
  if (found && !/^[\w-]+(\.[\w-]+)+\//.test(text.slice(0, Math.max(0, found.index - 1)))) return { url: `https://doi.org/${found[1]}`, as: `DOI ${found[1]}` };
  const nice = /\bNICE\s+(?:guideline\s+|guidance\s+)?(NG|CG|TA|QS|HST|IPG|DG)\s*(\d{1,4})\b/i.exec(text);
  return nice ? { url: `https://www.nice.org.uk/guidance/${nice[1]!.toLowerCase()}${nice[2]}`, as: `NICE ${nice[1]!.toUpperCase()}${nice[2]}` } : null;
}

function fullAddress(text: string): Understood | null {
  return parse(text)?.hostname.includes('.') ? { url: text, as: 'address' } : null;
}

/** A blank within an address happens; several words, or brackets, are no part of it. */
function isFollowedByWords(text: string): boolean {
  const [, next = '', ...more] = text.split(/\s+/);
  return more.length > 0 || /^[([]/.test(next);
}

/** An address among other words, or in brackets. */
function addressWithin(text: string): Understood | null {
  const found = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:)\]]/i.exec(text);
  return found && fullAddress(found[0]);
}

function bareAddress(text: string): Understood | null {
  return /^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(\/\S*)?$/i.test(text) ? { url: `https://${text}`, as: 'address' } : null;
}

/** Words alone name no record: the address that finds it is kept, and the words are its title. */
function citation(text: string): Understood | null {
  if (text.length < 12 || !/\s/.test(text)) return null;
  return { url: `https://pubmed.ncbi.nlm.nih.gov/?term=${encodeURIComponent(text).replaceAll('%20', '+')}`, as: 'citation without an identifier; the address searches PubMed for it' };
}

/** A citation that became a search keeps its words as the title. */
export function titleOf(typed: string): string | null {
  const found = understood(typed);
  return found?.as.startsWith('citation') ? typed.trim() : null;
}

export function recordKind(url: string): RecordKind | null {
  const parsed = parse(url);
  if (!parsed) return null;
  const host = parsed.hostname.replace(/^www\./, '');
  if (host === 'pubmed.ncbi.nlm.nih.gov' || (host === 'ncbi.nlm.nih.gov' && parsed.pathname.startsWith('/pubmed'))) return 'pubmed';
  if (host === 'pmc.ncbi.nlm.nih.gov' || host === 'europepmc.org' || (host === 'ncbi.nlm.nih.gov' && parsed.pathname.startsWith('/pmc'))) return 'pmc';
  if (host === 'doi.org' || host === 'dx.doi.org') return 'doi';
  if (host === 'clinicaltrials.gov') return 'trial';
  return host === 'ncbi.nlm.nih.gov' && parsed.pathname.startsWith('/books') ? 'bookshelf' : null;
}

function parse(url: string): URL | null {
  try {
    return new URL(url.trim());
  } catch {
    return null;
  }
}

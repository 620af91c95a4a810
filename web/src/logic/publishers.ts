/** Publishers that a DOI names by its prefix, for the publisher field; the type of publication decides the tier. */
const prefixes: Record<string, string> = {
  '10.1001': 'JAMA Network', '10.1002': 'Wiley', '10.1002/14651858': 'Cochrane', '10.1016': 'Elsevier', '10.1056': 'NEJM', '10.1136': 'BMJ', '10.1161': 'American Heart Association',
  '10.1053': 'Elsevier', '10.1080': 'Taylor & Francis', '10.1093': 'Oxford University Press', '10.1097': 'Wolters Kluwer', '10.1101': 'medRxiv / bioRxiv', '10.1111': 'Wiley',
  '10.1177': 'SAGE', '10.1186': 'BMC', '10.1371': 'PLOS', '10.2337': 'American Diabetes Association', '10.3389': 'Frontiers', '10.3390': 'MDPI', '10.7326': 'Annals of Internal Medicine',
  '10.1038': 'Nature', '10.1007': 'Springer', '10.1542': 'American Academy of Pediatrics', '10.1164': 'American Thoracic Society', '10.1200': 'ASCO', '10.1542/peds': 'Pediatrics',
};

/** The publisher and, where the prefix leaves no doubt, the tier behind a DOI. */
export function publisherOfDoi(url: string): { name: string; tier: string | null } | null {
  const id = /doi\.org\/(10\.\S+)/i.exec(url)?.[1]?.toLowerCase();
  if (!id) return null;
  const prefix = Object.keys(prefixes).filter(known => id.startsWith(known)).sort((a, b) => b.length - a.length)[0];
  if (!prefix) return null;
  return { name: prefixes[prefix]!, tier: prefix === '10.1002/14651858' ? 'T2' : prefix === '10.1101' ? 'T6' : null };
}

using System.Text.RegularExpressions;

namespace HealthEval.Batches.Privacy;

/// <summary>The shapes of identifiers (45 CFR 164.514(b)(2) and national numbers). None can take more than a moment: a time limit says so. Where words give a value away, the group <c>value</c> is the value alone.</summary>
internal static partial class PrivacyPatterns
{
    private const RegexOptions Plain = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const RegexOptions AnyCase = Plain | RegexOptions.IgnoreCase;
    private const int Limit = 5_000;

    /// <summary>Area not 000, 666 or 9xx.</summary>
    [GeneratedRegex(@"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])", Plain, Limit)]
    public static partial Regex Ssn();

    /// <summary>Without the hyphens, where words say what it is.</summary>
    [GeneratedRegex(@"\b(ssn|social security( (number|no))?)\b[\s.:#-]{0,4}(is )?(?<value>(?!000|666|9)\d{3} ?(?!00)\d{2} ?(?!0000)\d{4})(?!\d)", AnyCase, Limit)]
    public static partial Regex LabelledSsn();

    /// <summary>Not the free numbers of the United States: they are an organisation's, and answers are full of them.</summary>
    [GeneratedRegex(@"(?<![\w.+-])(?!\(?8(00|33|44|55|66|77|88)\b)(\+\d{1,3}[ .-]?)?(\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])|(?<![\w.])\+\d{1,3}([ .-]?\d{2,4}){3,4}(?!\w)", Plain, Limit)]
    public static partial Regex Phone();

    [GeneratedRegex(@"\b(phone|telephone|tel|mobile|cell|(call|ring|text)( me| us| him| her| them)?)\b[\s.:#]{0,3}((no|number)\b[\s.:#]{0,3})?((is|on|at) )?(?!(\+?1[ .-]?)?\(?8(00|33|44|55|66|77|88)\b)(?<value>[+(]{0,2}\d[\d ().-]{2,14}\d{4})(?!\w)", AnyCase, Limit)]
    public static partial Regex LabelledPhone();

    [GeneratedRegex(@"\bfax\b[\s.:#]{0,3}((no|number)\b[\s.:#]{0,3})?((is|to|at) )?(?<value>[+(]{0,2}\d[\d ().-]{2,14}\d{4})(?!\w)", AnyCase, Limit)]
    public static partial Regex Fax();

    [GeneratedRegex(@"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}", Plain, Limit)]
    public static partial Regex Email();

    [GeneratedRegex(@"\b(https?|ftp)://[^\s<>""')\]]{3,300}|\bwww\.[a-z0-9-]{1,63}\.[^\s<>""')\]]{2,300}", AnyCase, Limit)]
    public static partial Regex Url();

    [GeneratedRegex(@"(?<![\w.])(?<!\bversion )((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\d)", Plain, Limit)]
    public static partial Regex Ipv4();

    [GeneratedRegex(@"(?<![\w:])([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])|(?<![\w:])([0-9a-f]{1,4}:){1,6}:([0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4}(?![\w:])", AnyCase, Limit)]
    public static partial Regex Ipv6();

    [GeneratedRegex(@"\b(mrn|medical record( (no|number))?|record (no|number)|chart (no|number)|patient (id|no|number)|hospital (no|number))\b[\s.:#-]{0,4}(is )?[\s:#]{0,2}(?<value>[A-Z]{0,4}-?\d{5,})", AnyCase, Limit)]
    public static partial Regex RecordNumber();

    [GeneratedRegex(@"\b((account|acct)( (no|number|id))?|iban)\b[\s.:#-]{0,4}(is )?[\s:#]{0,2}(?<value>[A-Z]{0,4}-?\d{5,})", AnyCase, Limit)]
    public static partial Regex Account();

    [GeneratedRegex(@"\b((member|subscriber|beneficiary|policy|plan|insurance|group|medicaid|medicare) (id|no|number))\b[\s.:#-]{0,4}(is )?[\s:#]{0,2}(?<value>[A-Z]{0,4}-?\d{5,})", AnyCase, Limit)]
    public static partial Regex PlanNumber();

    [GeneratedRegex(@"\b((licen[cs]e|certificate|registration|gmc|passport)( (no|number|id))?)\b[\s.:#-]{0,4}(is )?[\s:#]{0,2}(?<value>[A-Z]{0,4}-?\d{5,})", AnyCase, Limit)]
    public static partial Regex Licence();

    [GeneratedRegex(@"\b((serial|device|implant|pacemaker|udi|imei)( (no|number|id|serial))?)\b[\s.:#-]{0,4}(is )?[\s:#]{0,2}(?<value>[A-Z]{0,4}-?\d{5,})", AnyCase, Limit)]
    public static partial Regex Device();

    /// <summary>Medicare: letters at fixed places, none of S L O I B Z.</summary>
    [GeneratedRegex(@"\b[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b", Plain, Limit)]
    public static partial Regex Mbi();

    [GeneratedRegex(@"(?<![\w.-])[12]\d{9}(?![\w-])", Plain, Limit)]
    public static partial Regex Npi();

    [GeneratedRegex(@"\b[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}\b", Plain, Limit)]
    public static partial Regex Dea();

    [GeneratedRegex(@"(?<![\w.-])\d{3}[ -]\d{3}[ -]\d{4}(?![\w-])|\bNHS\W{1,3}((number|no|is)\W{1,3}){0,2}\d{10}(?!\w)", AnyCase, Limit)]
    public static partial Regex Nhs();

    [GeneratedRegex(@"\b(?=[A-Z0-9]{0,16}\d)(?=[A-Z0-9]{0,16}[A-Z])[A-HJ-NPR-Z0-9]{17}\b", Plain, Limit)]
    public static partial Regex Vin();

    /// <summary>A day, close behind a word that makes it somebody's: the date of a guideline or of a laboratory value alone is none.</summary>
    [GeneratedRegex(@"\b(dob|d\.o\.b\.|born|birth ?date|date of birth|admit|admitted|admission|discharged?|died|date of death)\b[^.\n]{0,20}?(?<value>\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}(st|nd|rd|th)?,? \d{4}|\d{1,2}(\.|st|nd|rd|th)?( of)? (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} \d{4})", AnyCase, Limit)]
    public static partial Regex PersonalDate();

    [GeneratedRegex(@"\b(9\d|1[01]\d)[ -]?(years?[ -]old\b|years? of age|y/?o\b)(?! (and|or) (over|older|above))|\b(aged?|age is|age:) {0,2}(9\d|1[01]\d)\b(?! ?(%|mg|minutes|months|days|weeks)|( years)? (and|or) (over|older|above))", AnyCase, Limit)]
    public static partial Regex Age();

    [GeneratedRegex(@"\b(A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),? \d{5}(-\d{4})?\b|\b[Zz](ip|IP)( code)?\W{1,3}\d{5}(-\d{4})?\b", Plain, Limit)]
    public static partial Regex Zip();

    [GeneratedRegex(@"\b([Mm]y name is|[Pp]atient('s name is| name:)|[Nn]ame:)\s{1,3}(?<value>\p{Lu}\p{L}{1,30}( \p{Lu}\p{L}{1,30})?)|(?<value>\b(Mr|Mrs|Ms|Miss|Dr)\.? \p{Lu}\p{Ll}{1,30}( \p{Lu}\p{Ll}{1,30})?)|\bPatient (?<value>\p{Lu}\p{Ll}{1,30} (\p{Lu}\. )?\p{Lu}\p{Ll}{1,30})", Plain, Limit)]
    public static partial Regex Name();
}

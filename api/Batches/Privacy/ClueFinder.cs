using System.Buffers;

namespace HealthEval.Batches.Privacy;

/// <summary>Finds the clues in a text: a few vectorised searches, and a look at every run of digits and its neighbours.</summary>
internal ref struct ClueFinder
{
    private static readonly SearchValues<string> Titles = SearchValues.Create(
        ["y name is", "atient's name is", "ame:", "Mr ", "Mr.", "Mrs ", "Mrs.", "Ms ", "Ms.", "Miss ", "Miss.", "Dr ", "Dr.", "Patient "], StringComparison.Ordinal);

    private static readonly SearchValues<string> Addresses = SearchValues.Create(["://", "www."], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> DateWords = SearchValues.Create(["dob", "d.o.b.", "born", "birth", "admi", "discharge", "died", "death"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> CallWords = SearchValues.Create(["phone", "tel", "mobile", "cell", "call", "ring", "text", "fax", "ssn", "social security"], StringComparison.OrdinalIgnoreCase);
    private static readonly char[] ForeignDigits = [.. Enumerable.Range(128, char.MaxValue - 128).Select(code => (char)code).Where(char.IsDigit)]; // \d takes them too
    private static readonly SearchValues<char> AsciiMarks = SearchValues.Create("@:0123456789");
    private static readonly SearchValues<char> AllMarks = SearchValues.Create([.. "@:0123456789", .. ForeignDigits]);
    private readonly ReadOnlySpan<char> _text;
    private Clues _found;
    private int _groups;
    private Run _before;

    private ClueFinder(ReadOnlySpan<char> text) => _text = text;

    public static Clues In(ReadOnlySpan<char> text)
    {
        var finder = new ClueFinder(text);
        finder.LookAtMarks();
        var found = finder._found;
        found |= text.ContainsAny(Titles) ? Clues.Title : Clues.None;
        found |= text.ContainsAny(Addresses) ? Clues.Address : Clues.None;
        found &= found.HasFlag(Clues.Date) && !text.ContainsAny(DateWords) ? ~Clues.Date : ~Clues.None;
        return found.HasFlag(Clues.Call) && !text.ContainsAny(CallWords) ? found & ~Clues.Call : found;
    }

    private void LookAtMarks()
    {
        var marks = _text.ContainsAnyInRange(ForeignDigits[0], char.MaxValue) ? AllMarks : AsciiMarks;
        var at = 0;
        while (_text[at..].IndexOfAny(marks) is >= 0 and var next)
        {
            at += next;
            switch (_text[at])
            {
                case '@':
                    _found |= Clues.At;
                    at++;
                    break;
                case ':':
                    LookAtColon(++at);
                    break;
                default:
                    var run = RunAt(at);
                    LookAt(run);
                    (_before, at) = (run, run.End);
                    break;
            }
        }
    }

    /// <summary>An address of version 6 has two colons together, or seven that are each followed by a hexadecimal digit.</summary>
    private void LookAtColon(int behind)
    {
        var next = At(behind);
        _groups += char.IsAsciiHexDigit(next) ? 1 : 0;
        _found |= next == ':' || _groups >= 7 ? Clues.HexGroups : Clues.None;
    }

    private void LookAt(Run run)
    {
        var length = run.Length;
        _found |= length >= 4 ? Clues.Call : Clues.None;
        _found |= length >= 5 ? Clues.FiveDigits : Clues.None;
        _found |= length >= 7 ? Clues.SevenDigits : Clues.None;
        _found |= length >= 10 ? Clues.TenDigits : Clues.None;
        _found |= length >= 4 || run.Joint is '/' or '.' or '-' ? Clues.Date : Clues.None;
        _found |= length >= 4 && run.Joint is '-' && _before.Length == 2 && _before.Joint is '-' ? Clues.SsnGroups : Clues.None;
        _found |= length >= 4 && run.Joint is ' ' or '.' or '-' && _before.Length == 3 ? Clues.PhoneGroups : Clues.None;
        _found |= run.Dots >= 3 ? Clues.DottedQuad : Clues.None;
        _found |= At(run.Start - 1) == '+' ? Clues.PlusDigit : Clues.None;
        _found |= length == 1 && char.IsAsciiLetterUpper(At(run.End)) && !char.IsAsciiLetterOrDigit(At(run.Start - 1)) ? Clues.DigitThenLetter : Clues.None;
        _found |= IsGreatAge(run) ? Clues.GreatAge : Clues.None;
        _found |= IsInLongCode(run) ? Clues.LongCode : Clues.None;
    }

    private readonly bool IsGreatAge(Run run) => run.Length switch
    {
        2 => _text[run.Start] == '9',
        3 => _text[run.Start] == '1' && _text[run.Start + 1] is '0' or '1',
        _ => false,
    };

    /// <summary>Capitals and digits, seventeen of them without a gap.</summary>
    private readonly bool IsInLongCode(Run run)
    {
        const int Enough = 17;
        var (start, end) = (run.Start, run.End);
        while (end - start < Enough && IsCode(At(start - 1)))
        {
            start--;
        }

        while (end - start < Enough && IsCode(At(end)))
        {
            end++;
        }

        return end - start >= Enough;
    }

    private readonly Run RunAt(int start)
    {
        var end = start + 1;
        while (end < _text.Length && char.IsDigit(_text[end]))
        {
            end++;
        }

        var joint = _before.Length > 0 && start == _before.End + 1 ? _text[_before.End] : '\0';
        return new Run(start, end, joint, joint == '.' ? _before.Dots + 1 : 0);
    }

    private readonly char At(int index) => (uint)index < (uint)_text.Length ? _text[index] : '\0';

    private static bool IsCode(char c) => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c);

    /// <param name="Joint">The one character between this run and the one before, if there is exactly one.</param>
    /// <param name="Dots">How many runs before this one hang together by dots.</param>
    private readonly record struct Run(int Start, int End, char Joint, int Dots)
    {
        public int Length => End - Start;
    }
}

namespace HealthEval.Batches.Privacy;

/// <summary>
/// What a text must contain for a pattern to be worth running. Most texts have few numbers, and few of those have the shape of an
/// identifier. Clues err in one direction only: a pattern none of whose clues is there cannot match.
/// </summary>
[Flags]
internal enum Clues
{
    None = 0,
    At = 1 << 0,
    Address = 1 << 1,
    HexGroups = 1 << 2,
    Title = 1 << 3,
    SsnGroups = 1 << 4,
    PhoneGroups = 1 << 5,
    PlusDigit = 1 << 6,
    DottedQuad = 1 << 7,
    FiveDigits = 1 << 8,
    SevenDigits = 1 << 9,
    TenDigits = 1 << 10,
    DigitThenLetter = 1 << 11,
    LongCode = 1 << 12,
    GreatAge = 1 << 13,
    Date = 1 << 14,
    Call = 1 << 15,
}

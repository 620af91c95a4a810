namespace HealthEval.Batches.Privacy;

/// <summary>The check digits of identifiers: they tell most numbers that only look like one.</summary>
internal static class Checksums
{
    /// <summary>US provider number: Luhn over 80840 and the ten digits.</summary>
    public static bool IsNpi(string text)
    {
        var sum = 24; // what the prefix 80840 contributes
        for (var i = 0; i < 10; i++)
        {
            var digit = text[i] - '0';
            sum += i % 2 == 0 ? (digit * 2 / 10) + (digit * 2 % 10) : digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>US drug enforcement number: (1st + 3rd + 5th) + 2 · (2nd + 4th + 6th) ends in the seventh.</summary>
    public static bool IsDea(string text)
    {
        int Digit(int index) => text[index + 1] - '0';
        return (Digit(1) + Digit(3) + Digit(5) + (2 * (Digit(2) + Digit(4) + Digit(6)))) % 10 == Digit(7);
    }

    /// <summary>NHS number: weights 10 to 2, modulo 11.</summary>
    public static bool IsNhs(string text)
    {
        var digits = text.Where(char.IsAsciiDigit).Select(c => c - '0').ToArray();
        var check = 11 - (digits.Take(9).Select((digit, index) => digit * (10 - index)).Sum() % 11);
        return digits.Length == 10 && (check == 11 ? 0 : check) == digits[9];
    }

    /// <summary>Vehicle identification number: transliterated letters, weighted, modulo 11 in the ninth place.</summary>
    public static bool IsVin(string text)
    {
        ReadOnlySpan<int> weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
        const string Letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
        const string Values = "12345678123457923456789";
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            var value = char.IsAsciiDigit(text[i]) ? text[i] - '0' : Values[Letters.IndexOf(text[i], StringComparison.Ordinal)] - '0';
            sum += value * weights[i];
        }

        return text[8] == (sum % 11 == 10 ? 'X' : (char)('0' + (sum % 11)));
    }
}

using System.Text.RegularExpressions;

namespace HealthEval.Tests.Cosmos;

internal sealed class SqlException(string message) : Exception(message);

internal enum SqlTokenKind
{
    Word,
    Parameter,
    Number,
    Text,
    Symbol,
    End,
}

internal readonly record struct SqlToken(SqlTokenKind Kind, string Text);

/// <summary>SQL text as tokens, read from left to right.</summary>
internal sealed partial class SqlTokens(string sql)
{
    private readonly List<SqlToken> _tokens = [.. Cut(sql)];
    private int _next;

    public SqlToken Peek => _next < _tokens.Count ? _tokens[_next] : new SqlToken(SqlTokenKind.End, "");

    public SqlToken Take()
    {
        var token = Peek;
        _next++;
        return token;
    }

    public bool TryTake(string text)
    {
        var matches = Peek.Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && string.Equals(Peek.Text, text, StringComparison.OrdinalIgnoreCase);
        _next += matches ? 1 : 0;
        return matches;
    }

    public void Require(string text)
    {
        if (!TryTake(text))
        {
            throw Unexpected();
        }
    }

    public SqlException Unexpected() => new($"Syntax error near '{Peek.Text}' in: {sql}");

    private static IEnumerable<SqlToken> Cut(string sql)
    {
        for (var at = 0; at < sql.Length;)
        {
            var match = Token.Match(sql, at);
            if (!match.Success)
            {
                throw new SqlException($"Syntax error near '{sql[at..]}'");
            }

            at += match.Length;
            if (match.Groups.Values.Skip(1).FirstOrDefault(group => group.Success) is { } group)
            {
                yield return new SqlToken(Enum.Parse<SqlTokenKind>(group.Name), group.Value);
            }
        }
    }

    [GeneratedRegex("""\G(?:\s+|(?<Word>[A-Za-z_$][\w$]*)|(?<Parameter>@\w+)|(?<Number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|"(?<Text>(?:[^"\\]|\\.)*)"|'(?<Text>(?:[^'\\]|\\.)*)'|(?<Symbol><=|>=|!=|[-=<>(){}\[\],.:*]))""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token { get; }
}

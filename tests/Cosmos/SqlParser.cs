using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HealthEval.Tests.Cosmos;

/// <summary>What an expression is worth for a document; <see cref="Count"/> is set where documents are counted.</summary>
internal readonly record struct SqlScope(JsonElement Document, int Count);

internal delegate JsonElement SqlExpression(SqlScope scope);

/// <summary>The part of the service's SQL that the document store sends and the SDK's query planner makes of it, by recursive descent.</summary>
internal sealed class SqlParser(string sql, IReadOnlyDictionary<string, JsonElement> parameters)
{
    private readonly SqlTokens _tokens = new(sql);
    private bool _counts;

    public SqlQuery Parse()
    {
        _tokens.Require("SELECT");
        int? top = _tokens.TryTake("TOP") ? Primary()(default).GetInt32() : null;
        var projection = _tokens.TryTake("VALUE") ? Expression() : Fields();
        _tokens.Require("FROM");
        _tokens.Require("c");
        var where = _tokens.TryTake("WHERE") ? Expression() : _ => SqlValues.True;
        var order = new List<SqlOrder>();
        if (_tokens.TryTake("ORDER"))
        {
            _tokens.Require("BY");
            do
            {
                order.Add(Order());
            }
            while (_tokens.TryTake(","));
        }

        return _tokens.Peek.Kind == SqlTokenKind.End ? new SqlQuery(top, projection, where, order, _counts) : throw _tokens.Unexpected();
    }

    private SqlExpression Fields()
    {
        var fields = new List<(string Name, SqlExpression Value)>();
        do
        {
            var value = Postfix(out var path);
            fields.Add((_tokens.TryTake("AS") ? _tokens.Take().Text : path.Split('/')[^1], value));
        }
        while (_tokens.TryTake(","));
        return Object(fields);
    }

    private SqlOrder Order()
    {
        var value = Postfix(out var path);
        return new SqlOrder(path, value, _tokens.TryTake("DESC") || (_tokens.TryTake("ASC") && false));
    }

    private SqlExpression Expression()
    {
        var left = And();
        while (_tokens.TryTake("OR"))
        {
            var (a, b) = (left, And());
            left = scope => SqlValues.Of((SqlValues.Truth(a(scope)), SqlValues.Truth(b(scope))) switch { (true, _) or (_, true) => true, (false, false) => false, _ => null });
        }

        return left;
    }

    private SqlExpression And()
    {
        var left = Not();
        while (_tokens.TryTake("AND"))
        {
            var (a, b) = (left, Not());
            left = scope => SqlValues.Of((SqlValues.Truth(a(scope)), SqlValues.Truth(b(scope))) switch { (false, _) or (_, false) => false, (true, true) => true, _ => null });
        }

        return left;
    }

    private SqlExpression Not()
    {
        if (!_tokens.TryTake("NOT"))
        {
            return Comparison();
        }

        var inner = Not();
        return scope => SqlValues.Of(!SqlValues.Truth(inner(scope)));
    }

    private SqlExpression Comparison()
    {
        var left = Postfix(out _);
        if (_tokens.TryTake("IN"))
        {
            _tokens.Require("(");
            var values = List(")");
            return scope => left(scope) is { ValueKind: not JsonValueKind.Undefined } value ? SqlValues.Of(values.Exists(any => JsonElement.DeepEquals(any(scope), value))) : SqlValues.Undefined;
        }

        if (_tokens.Peek is not { Kind: SqlTokenKind.Symbol, Text: "=" or "!=" or "<" or "<=" or ">" or ">=" })
        {
            return left;
        }

        var symbol = _tokens.Take().Text;
        var right = Postfix(out _);
        return scope => SqlValues.Compare(symbol, left(scope), right(scope));
    }

    /// <summary>A value and the names that lead into it: c.body["lane"].</summary>
    private SqlExpression Postfix(out string path)
    {
        var value = Primary();
        path = "";
        while (true)
        {
            string name;
            if (_tokens.TryTake("."))
            {
                name = _tokens.Take().Text;
            }
            else if (_tokens.TryTake("["))
            {
                name = _tokens.Take().Text;
                _tokens.Require("]");
            }
            else
            {
                return value;
            }

            var outer = value;
            path += $"/{name}";
            value = scope => outer(scope) is { ValueKind: JsonValueKind.Object } inner && inner.TryGetProperty(name, out var field) ? field : SqlValues.Undefined;
        }
    }

    private SqlExpression Primary()
    {
        var token = _tokens.Take();
        switch (token)
        {
            case { Kind: SqlTokenKind.Number }:
                return Constant(SqlValues.Of(double.Parse(token.Text, CultureInfo.InvariantCulture)));
            case { Kind: SqlTokenKind.Text }:
                return Constant(SqlValues.Of(token.Text));
            case { Kind: SqlTokenKind.Parameter }:
                return Constant(parameters.GetValueOrDefault(token.Text));
            case { Text: "(" }:
                var inner = Expression();
                _tokens.Require(")");
                return inner;
            case { Text: "[" }:
                var items = List("]");
                return scope => SqlValues.Of(new JsonArray([.. items.Select(item => JsonNode.Parse(item(scope).GetRawText()))]));
            case { Text: "{" }:
                return Object(Members());
            case { Kind: SqlTokenKind.Word }:
                return Word(token.Text);
            default:
                throw _tokens.Unexpected();
        }
    }

    private SqlExpression Word(string word)
    {
        if (_tokens.TryTake("("))
        {
            return Function(word, List(")"));
        }

        return word switch
        {
            "c" => scope => scope.Document,
            "true" => Constant(SqlValues.True),
            "false" => Constant(SqlValues.False),
            "null" => Constant(SqlValues.Of<string?>(null)),
            _ => throw new SqlException($"'{word}' is not known here, in: {sql}"),
        };
    }

    private SqlExpression Function(string name, List<SqlExpression> arguments)
    {
        switch (name.ToUpperInvariant())
        {
            case "COUNT":
                _counts = true;
                return scope => SqlValues.Of(scope.Count);
            case "IS_DEFINED":
                return scope => SqlValues.Of(arguments[0](scope).ValueKind != JsonValueKind.Undefined);
            case "IS_NULL":
                return scope => SqlValues.Of(arguments[0](scope).ValueKind == JsonValueKind.Null);
            case "IS_ARRAY":
                return scope => SqlValues.Of(arguments[0](scope).ValueKind == JsonValueKind.Array);
            case "ARRAY_CONTAINS":
                return scope => arguments[0](scope) is { ValueKind: JsonValueKind.Array } array
                    ? SqlValues.Of(array.EnumerateArray().Any(item => JsonElement.DeepEquals(item, arguments[1](scope))))
                    : SqlValues.Undefined;
            default:
                throw new SqlException($"'{name}' is not a recognized built-in function name.");
        }
    }

    private List<SqlExpression> List(string end)
    {
        var items = new List<SqlExpression>();
        if (_tokens.TryTake(end))
        {
            return items;
        }

        do
        {
            items.Add(Expression());
        }
        while (_tokens.TryTake(","));
        _tokens.Require(end);
        return items;
    }

    private List<(string, SqlExpression)> Members()
    {
        var members = new List<(string, SqlExpression)>();
        do
        {
            var name = _tokens.Take().Text;
            _tokens.Require(":");
            members.Add((name, Expression()));
        }
        while (_tokens.TryTake(","));
        _tokens.Require("}");
        return members;
    }

    private static SqlExpression Object(List<(string Name, SqlExpression Value)> members) => scope =>
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                if (value(scope) is { ValueKind: not JsonValueKind.Undefined } defined)
                {
                    json.WritePropertyName(name);
                    defined.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.ToArray()).RootElement;
    };

    private static SqlExpression Constant(JsonElement value) => _ => value;
}

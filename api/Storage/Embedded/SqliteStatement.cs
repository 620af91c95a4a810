using System.Text;
using Microsoft.Data.Sqlite;

namespace HealthEval.Storage.Embedded;

/// <summary>A document query as SQL text and parameters; no value ever becomes part of the text.</summary>
internal sealed class SqliteStatement
{
    private readonly StringBuilder _sql = new();
    private readonly List<object> _values = [];

    public string Text => _sql.ToString();

    public static SqliteStatement Select(DocumentQuery query, Continuation? after)
    {
        var statement = new SqliteStatement();
        var order = query.OrderIndex is { } index ? SqliteSchema.Field(query.Kind, index.Fields[^1]) : null;
        statement._sql.Append($"SELECT body, etag, scope, id, {order ?? "NULL"} FROM \"{query.Kind}\"");
        statement.Conditions(query);
        statement.After(order, query.Descending, after);
        var direction = query.Descending ? " DESC" : "";
        statement._sql.Append(order is null ? $" ORDER BY scope{direction}, id{direction}" : $" ORDER BY {order}{direction}, scope{direction}, id{direction}");
        statement._sql.Append($" LIMIT {statement.Parameter(query.Top + 1L)}");
        return statement;
    }

    public static SqliteStatement Count(DocumentQuery query)
    {
        var statement = new SqliteStatement();
        statement._sql.Append($"SELECT COUNT(*) FROM \"{query.Kind}\"");
        statement.Conditions(query);
        return statement;
    }

    public SqliteCommand On(SqliteConnections.Rented connection)
    {
        var command = connection.Command(Text);
        for (var i = 0; i < _values.Count; i++)
        {
            command.Parameters.AddWithValue($"${i}", _values[i]);
        }

        return command;
    }

    private void Conditions(DocumentQuery query)
    {
        _sql.Append(" WHERE 1");
        AppendEqual("project", query.ProjectId);
        AppendEqual("scope", query.Scope);
        foreach (var filter in query.Where)
        {
            Append(query.Kind, filter);
        }

        if (query.OrderBy is { } field)
        {
            _sql.Append($" AND {SqliteSchema.Field(query.Kind, field)} IS NOT NULL");
        }
    }

    private void AppendEqual(string column, string? value)
    {
        if (value is not null)
        {
            _sql.Append($" AND {column} = {Parameter(value)}");
        }
    }

    private void Append(DocumentKind kind, Filter filter)
    {
        var field = SqliteSchema.Field(kind, filter.Field);
        _sql.Append(filter switch
        {
            Filter.Equal equal => $" AND {field} = {Parameter(equal.Value)}",
            Filter.In { Values: [] } => " AND 0",
            Filter.In any => $" AND {field} IN ({string.Join(", ", any.Values.Select(Parameter))})",
            Filter.NotContains none => $" AND NOT EXISTS (SELECT 1 FROM json_each(body, '$.{none.Field}') WHERE json_each.value = {Parameter(none.Value)})",
            Filter.Range { From: { } from, Until: { } until } => $" AND {field} >= {Parameter(from)} AND {field} < {Parameter(until)}",
            Filter.Range { From: { } from } => $" AND {field} >= {Parameter(from)}",
            Filter.Range { Until: { } until } => $" AND {field} < {Parameter(until)}",
            _ => throw new ArgumentException($"The filter on '{filter.Field}' has no meaning.", nameof(filter)),
        });
    }

    private void After(string? order, bool descending, Continuation? after)
    {
        if (after is null)
        {
            return;
        }

        var beyond = descending ? '<' : '>';
        var (scope, id) = (Parameter(after.Scope), Parameter(after.Id));
        if (order is null)
        {
            _sql.Append($" AND (scope, id) {beyond} ({scope}, {id})");
            return;
        }

        // the first condition lets the index start where the last page ended, the second leaves out what that page already had
        var value = Parameter(after.Value!);
        _sql.Append($" AND {order} {beyond}= {value} AND ({order} {beyond} {value} OR (scope, id) {beyond} ({scope}, {id}))");
    }

    private string Parameter(object value)
    {
        _values.Add(value is bool truth ? (truth ? 1L : 0L) : value);
        return $"${_values.Count - 1}";
    }
}

using System.Text;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Storage.Azure;

/// <summary>A document query as Cosmos SQL and parameters; no value ever becomes part of the text.</summary>
internal sealed class CosmosSql
{
    private readonly StringBuilder _where = new("c.kind = @kind");
    private readonly List<object> _values = [];
    private readonly DocumentQuery _query;

    private CosmosSql(DocumentQuery query)
    {
        _query = query;
        if (query is { ProjectId: null, Scope: { } scope }) // with a project, the partition key says both
        {
            _where.Append($" AND c.scope = {Parameter(scope)}");
        }

        foreach (var filter in query.Where)
        {
            _where.Append(" AND ").Append(Condition(filter));
        }
    }

    public static QueryDefinition Count(DocumentQuery query)
    {
        var sql = new CosmosSql(query);
        sql.RequireOrderField();
        return sql.With($"SELECT VALUE COUNT(1) FROM c WHERE {sql._where}");
    }

    /// <summary>One more than a page, to know whether there is another.</summary>
    public static QueryDefinition Select(DocumentQuery query, Continuation? after)
    {
        var sql = new CosmosSql(query);
        var index = query.OrderIndex;
        sql.RequireOrderField();
        sql.After(after);
        var direction = query.Descending ? " DESC" : " ASC";
        var order = string.Join(", ", CosmosContainers.OrderPaths(index).Select(path => Field(path) + direction)); // as the composite index has it
        return sql.With($"SELECT TOP @top c.body, c._etag, c.scope, c.documentId FROM c WHERE {sql._where} ORDER BY {order}").WithParameter("@top", query.Top + 1);
    }

    public static QueryDefinition Keys(DocumentQuery query)
    {
        var sql = new CosmosSql(query);
        return sql.With($"SELECT c.scope, c.documentId FROM c WHERE {sql._where}");
    }

    /// <summary>Where in the order a document stands, to continue after it.</summary>
    public static Continuation Position(DocumentQuery query, JsonElement document)
    {
        var value = query.OrderBy is null ? default : query.OrderBy.Split('.').Aggregate(document.GetProperty("body"), (place, name) => place.GetProperty(name));
        return new Continuation(document.GetProperty("scope").GetString()!, document.GetProperty("documentId").GetString()!, value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetDouble(),
            _ => null,
        });
    }

    private void RequireOrderField()
    {
        if (_query.OrderBy is { } field)
        {
            _where.Append($" AND IS_DEFINED({Body(field)}) AND NOT IS_NULL({Body(field)})");
        }
    }

    private void After(Continuation? after)
    {
        if (after is null)
        {
            return;
        }

        var beyond = _query.Descending ? '<' : '>';
        var (scope, id) = (Parameter(after.Scope), Parameter(after.Id));
        var sameValue = $"(c.scope {beyond} {scope} OR (c.scope = {scope} AND c.documentId {beyond} {id}))";
        if (_query.OrderBy is not { } field)
        {
            _where.Append($" AND c.scope {beyond}= {scope} AND {sameValue}");
            return;
        }

        // the first condition lets the index start where the last page ended, the second leaves out what that page already had
        var value = Parameter(after.Value!);
        _where.Append($" AND {Body(field)} {beyond}= {value} AND ({Body(field)} {beyond} {value} OR {sameValue})");
    }

    private string Condition(Filter filter)
    {
        var field = Body(filter.Field);
        return filter switch
        {
            Filter.Equal equal => $"{field} = {Parameter(equal.Value)}",
            Filter.In { Values: [] } => "false",
            Filter.In any => $"{field} IN ({string.Join(", ", any.Values.Select(Parameter))})",
            Filter.NotContains none => $"NOT (IS_ARRAY({field}) AND ARRAY_CONTAINS({field}, {Parameter(none.Value)}))", // nothing contains something: without IS_ARRAY an absent field would be undefined
            Filter.Range { From: { } from, Until: { } until } => $"{field} >= {Parameter(from)} AND {field} < {Parameter(until)}",
            Filter.Range { From: { } from } => $"{field} >= {Parameter(from)}",
            Filter.Range { Until: { } until } => $"{field} < {Parameter(until)}",
            _ => throw new ArgumentException($"The filter on '{filter.Field}' has no meaning.", nameof(filter)),
        };
    }

    private QueryDefinition With(string text)
    {
        var definition = new QueryDefinition(text).WithParameter("@kind", _query.Kind.Name);
        for (var i = 0; i < _values.Count; i++)
        {
            definition.WithParameter($"@p{i}", _values[i]);
        }

        return definition;
    }

    private string Parameter(object value)
    {
        _values.Add(value);
        return $"@p{_values.Count - 1}";
    }

    private static string Body(string field) => Field(CosmosContainers.BodyPath(DocumentQuery.RequireField(field)));

    /// <summary>In brackets, because a field may be called like a word of the language.</summary>
    private static string Field(string path) => "c" + string.Concat(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(name => $"[\"{name}\"]"));
}

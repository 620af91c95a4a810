using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace HealthEval.Storage.Embedded;

/// <summary>A statement that is prepared once and bound by position with UTF-8, which is what SQLite stores: for writing in bulk.</summary>
internal sealed class PreparedStatement(sqlite3 database, string sql) : IDisposable
{
    private readonly sqlite3_stmt _statement = Prepare(database, sql);

    public void Bind(int position, string text)
    {
        const int Short = 100;
        var utf8 = text.Length <= Short ? stackalloc byte[3 * Short] : new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        Bind(position, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    public void Bind(int position, ReadOnlySpan<byte> utf8) =>
        Check(utf8.IsEmpty ? sqlite3_bind_text(_statement, position, "") : sqlite3_bind_text(_statement, position, utf8)); // an empty span would be NULL

    public void BindNull(int position) => Check(sqlite3_bind_null(_statement, position));

    /// <summary>The value that a reader stands on, with the type that SQLite's <c>->></c> gives it.</summary>
    public void Bind(int position, ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String when !json.ValueIsEscaped:
                Bind(position, json.ValueSpan);
                break;
            case JsonTokenType.String:
                Bind(position, json.GetString()!);
                break;
            case JsonTokenType.Number:
                Check(json.TryGetInt64(out var whole) ? sqlite3_bind_int64(_statement, position, whole) : sqlite3_bind_double(_statement, position, json.GetDouble()));
                break;
            case JsonTokenType.True or JsonTokenType.False:
                Check(sqlite3_bind_int64(_statement, position, json.GetBoolean() ? 1 : 0));
                break;
            case JsonTokenType.Null:
                BindNull(position);
                break;
            default:
                throw new JsonException("A field that documents are looked up by is a text, a number or a truth value.");
        }
    }

    /// <summary>Runs it and returns how many rows it changed.</summary>
    public int Execute()
    {
        try
        {
            Check(sqlite3_step(_statement));
            return sqlite3_changes(database);
        }
        finally
        {
            _ = sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    private static sqlite3_stmt Prepare(sqlite3 database, string sql)
    {
        SqliteException.ThrowExceptionForRC(sqlite3_prepare_v3(database, sql, SQLITE_PREPARE_PERSISTENT, out var statement), database);
        return statement;
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, database);
}

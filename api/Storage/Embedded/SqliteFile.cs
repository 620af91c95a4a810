using Microsoft.Data.Sqlite;

namespace HealthEval.Storage.Embedded;

/// <summary>A database that nobody works on, looked at without changing a byte of it.</summary>
internal static class SqliteFile
{
    private const int MostFaults = 20;

    /// <summary>What SQLite finds wrong with it, and how many documents there are of each kind.</summary>
    public static (IReadOnlyList<string> Faults, SortedDictionary<string, long> Documents) Inspect(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var faults = Texts(connection, $"PRAGMA integrity_check({MostFaults})").Where(line => line != "ok").ToList();
            var documents = new SortedDictionary<string, long>(StringComparer.Ordinal);
            foreach (var table in Texts(connection, "SELECT name FROM sqlite_master WHERE type = 'table'"))
            {
                using var count = connection.CreateCommand();
                count.CommandText = $"SELECT count(*) FROM \"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
                documents[table] = (long)count.ExecuteScalar()!;
            }

            return (faults, documents);
        }
        catch (SqliteException failure)
        {
            return ([failure.Message], new SortedDictionary<string, long>(StringComparer.Ordinal));
        }
    }

    private static List<string> Texts(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Http;
using HealthEval.Tests.Architecture;
using HealthEval.Tests.Functions;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthEval.Tests.Http;

public sealed class LogLinesTests : IDisposable
{
    private const string Secret = "jane@clinic.example\nERROR: \u2028 fake \u001b[31m line";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_exception_is_told_by_type_and_place_in_one_line_without_its_message(bool json)
    {
        var line = Write(json, "HealthEval.Batches.IngestBatch", Thrown(), [new("BatchId", "b1"), new("{OriginalFormat}", "Batch {BatchId} met a fault")], "Batch b1 met a fault");

        Assert.DoesNotContain("jane", line, StringComparison.Ordinal);
        Assert.Single(line.TrimEnd('\n').Split('\n', '\r', '\u2028'));
        Assert.Contains("System.InvalidOperationException", line, StringComparison.Ordinal);
        Assert.Contains("System.FormatException", line, StringComparison.Ordinal);
        Assert.Contains(nameof(Thrown), line, StringComparison.Ordinal);
        Assert.Contains("Batch b1 met a fault", line, StringComparison.Ordinal);
        if (json)
        {
            Assert.Equal(("Error", "b1"), ((string)JsonNode.Parse(line)!["level"]!, (string)JsonNode.Parse(line)!["BatchId"]!));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_library_logs_is_told_by_its_fixed_words(bool json)
    {
        var line = Write(json, "Microsoft.AspNetCore.Anything", null, [new("Path", Secret), new("{OriginalFormat}", "Refused {Path}")], $"Refused {Secret}");

        Assert.Contains("Refused {Path}", line, StringComparison.Ordinal);
        Assert.DoesNotContain("jane", line, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_program_logs_has_only_values_that_nobody_sent()
    {
        string[] harmless = ["BatchId", "ProjectId", "State", "Accepted", "Duplicate", "Rejected", "Week", "Function", "Failure", "Seconds", "Length", "Status", "Count"];
        var templates = Directory.EnumerateFiles(Path.Combine(Repository.Root, "api"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)
            .SelectMany(text => Regex.Matches(text, @"\.Log(?:Trace|Debug|Information|Warning|Error|Critical)\((?:\w+, )?(\$?)""([^""]*)""")).ToList();

        Assert.True(templates.Count >= 8, "the search found too few to prove anything");
        Assert.All(templates, template => Assert.Equal("", template.Groups[1].Value)); // no interpolation
        Assert.Empty(templates.SelectMany(template => Regex.Matches(template.Groups[2].Value, @"\{(\w+)\}")).Select(value => value.Groups[1].Value).Except(harmless));
    }

    [Fact]
    public async Task No_route_puts_a_key_or_a_text_that_was_sent_into_the_log()
    {
        var routes = await RoutesAsync();
        using var rig = await HostRig.StartAsync(new Dictionary<string, string> { ["Auth:Mode"] = "Platform", ["Storage:DataFolder"] = _folder["data"] });
        var admin = HostRig.Principal("hostile-admin@example.org", "admin");
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "hostile-name", customer = "hostile-customer" });

        foreach (var route in routes)
        {
            foreach (var body in new[] { "{\"hostile-key\":\"hostile-text\"}", "hostile-text {{{", "[\"hostile\\u0000text\"]" })
            {
                using var answer = await rig.ApiAsync(new HttpMethod(route.Method), $"{route.Path}?code=hostile-code&sig=hostile-sig&name=hostile-file.jsonl", admin, route.Method == "GET" ? null : Body.Text(body),
                    ("x-functions-key", "hostile-function-key"), ("Authorization", "Bearer hostile-bearer"), ("Cookie", "healtheval_session=hostile-session"), ("User-Agent", "hostile-agent"), ("traceparent", "hostile-trace"));
            }
        }

        foreach (var function in new[] { "ContinueBatch", "ContinueBatchPoison", "IngestBatchPoison", "CompileProjectReports", "CompileProjectReportsPoison" })
        {
            await rig.QueueAsync(function, "hostile-message");
        }

        await rig.QueueAsync("IngestBatchPoison", HostRig.BlobGivenUp("drop/p1/hostile-file.jsonl"));
        await rig.BlobAsync("drop/p1/hostile-file.jsonl");
        rig.Kill();
        Assert.DoesNotContain("hostile", string.Join('\n', rig.Host.Logs.Select(log => log.ToJsonString())), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", rig.Host.Console);
        Assert.NotEmpty(rig.Lines);
        Assert.All(rig.Lines, line => Assert.NotNull(JsonNode.Parse(line)!["message"]));
    }

    private static async Task<List<(string Method, string Path)>> RoutesAsync()
    {
        await using var app = await TestApp.StartAsync();
        return [.. RouteTableTests.Routes(app).Select(route => (route.Method == "*" ? "GET" : route.Method, Regex.Replace(route.Pattern["/api/".Length..], @"\{\*?(\w+)(:[^}]*)?\??\}", match => match.Groups[1].Value switch
        {
            "projectId" => "p1",
            "annotationId" => $"{Guid.Empty}",
            "version" => "1",
            _ => "hostile-part",
        })))];
    }

    private static string Write(bool json, string category, Exception? failure, List<KeyValuePair<string, object?>> values, string message)
    {
        return LogLine.Of(json, new LogEntry<List<KeyValuePair<string, object?>>>(LogLevel.Error, category, default, values, failure, (_, _) => message));
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new FormatException(Secret);
        }
        catch (FormatException inner)
        {
            return new InvalidOperationException(Secret, inner);
        }
    }
}

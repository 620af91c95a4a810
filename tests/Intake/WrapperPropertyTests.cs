using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using HealthEval.Intake.Profiles;
using HealthEval.Tests.Batches;

namespace HealthEval.Tests.Intake;

/// <summary>Whatever lies around records, and whatever their fields are called once a profile says so, the same texts come out, byte for byte.</summary>
public sealed class WrapperPropertyTests
{
    private static readonly (string Name, Func<IReadOnlyList<(string Prompt, string Response)>, string> Wrap, string? Profile)[] Wrappers =
    [
        ("lines", pairs => string.Join('\n', pairs.Select(pair => Json(new { prompt = pair.Prompt, response = pair.Response }))), null),
        ("list", pairs => Json(pairs.Select(pair => new { prompt = pair.Prompt, response = pair.Response })), null),
        ("inside", pairs => Json(new { about = new { n = pairs.Count, ids = Enumerable.Range(0, 50) }, run = new { found = pairs.Select(pair => new { prompt = pair.Prompt, response = pair.Response }) } }), null),
        ("runs", pairs => Json(new { about = "x", runs = pairs.Chunk(2).Select((some, n) => new { run = n, samples = some.Select(pair => new { prompt = pair.Prompt, response = pair.Response }) }) }), null),
        ("lines with commas", pairs => string.Concat(pairs.Select(pair => Json(new { prompt = pair.Prompt, response = pair.Response }) + ",\n")), null),
        ("rows", pairs => Json(new { columns = new[] { "prompt", "response" }, data = pairs.Select(pair => new[] { pair.Prompt, pair.Response }) }), null),
        ("columns", pairs => Json(new { prompt = pairs.Select(pair => pair.Prompt), response = pairs.Select(pair => pair.Response) }), null),
        ("by id", pairs => Json(pairs.Select((pair, index) => (pair, index)).ToDictionary(at => $"id{at.index}", at => new { prompt = at.pair.Prompt, response = at.pair.Response })), null),
        ("profile", pairs => string.Join('\n', pairs.Select(pair => Json(new { fall = new { text = pair.Prompt }, sagt = pair.Response }))), "prompt=fall.text,response=sagt"),
        ("profile in a list", pairs => Json(new { liste = pairs.Select(pair => new { fall = pair.Prompt, sagt = new[] { new { text = pair.Response } } }) }), "prompt=fall,response=sagt[].text"),
        ("profile in a table", pairs => "fall;sagt\n" + string.Join('\n', pairs.Select(pair => $"{Quoted(pair.Prompt)};{Quoted(pair.Response)}")), "prompt=fall,response=sagt"),
    ];

    [Fact]
    public void The_same_texts_come_out_of_every_wrapper()
    {
        var text = ArbMap.Default.GeneratorFor<string>().Select(Plain);
        var pairs = text.Zip(text).ListOf().Where(list => list.Count is > 1 and < 6);
        Prop.ForAll(Arb.From(pairs.Zip(Gen.Elements(Wrappers))), sample => HoldsAsync([.. sample.Item1], sample.Item2).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(120).WithReplay(20261130, 3));
    }

    private static async Task<bool> HoldsAsync(IReadOnlyList<(string, string)> given, (string Name, Func<IReadOnlyList<(string Prompt, string Response)>, string> Wrap, string? Profile) wrapper)
    {
        using var rig = new IngestRig();
        var pairs = given.Select((pair, index) => ($"{index} {pair.Item1}", $"a {pair.Item2}")).ToList();
        var source = IngestRig.Source(Encoding.UTF8.GetBytes(wrapper.Wrap(pairs)), "sample") with { Profile = wrapper.Profile is { } words ? ImportProfile.Parse(words, "words", out _) : null };
        var batch = (await rig.Ingest.RunAsync(rig.Project, source, _ => { }, again: true, default)).Batch;
        var read = (await rig.ItemsAsync()).Select(item => (item.Messages[0].Content, item.Responses[0].Content)).OrderBy(pair => pair.Item1, StringComparer.Ordinal);
        return batch.Rejected == 0 && read.SequenceEqual(pairs.OrderBy(pair => pair.Item1, StringComparer.Ordinal));
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Without half characters, and without those that make a table no text; a row's last line break is the row's.</summary>
    private static string Plain(string? text) => new([.. Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? "")).Where(c => !char.IsControl(c) || c is '\n' or '\t')]);
}

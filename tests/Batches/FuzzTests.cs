using System.Text;
using FsCheck;
using FsCheck.Fluent;
using HealthEval.Batches;
using HealthEval.Storage;

namespace HealthEval.Tests.Batches;

/// <summary>Whatever a customer sends: a receipt that adds up, nothing half-stored, nothing altered.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Seeds =
    [
        """{"prompt":"q","response":"a"}""" + "\n" + """{"prompt_id":"p","prompt":[{"role":"user","content":"q"}],"responses":[{"content":"a"},{"content":"b"}]}""" + "\n",
        """[{"prompt":"q","chosen":"a","rejected":"b"},{"prompt":"q","chosen":"c","rejected":"d"}]""",
        "prompt,response\n\"a,\"\"b\",c\r\nd,e\n",
        """{"models":[{"name":"m"}],"examples":[{"input_text":"q","output_text_a":"a","output_text_b":"b"}]}""",
    ];

    private static readonly byte[][] Bases = [.. Seeds.Select(Encoding.UTF8.GetBytes), .. Seeds.Select(seed => PackedFileTests.Gzip(Encoding.UTF8.GetBytes(seed))), PackedFileTests.Zip(("a.jsonl", Encoding.UTF8.GetBytes(Seeds[0])))];

    [Fact]
    public void Any_bytes_yield_a_receipt_that_adds_up()
    {
        using var rig = new IngestRig();
        Check(ArbMap.Default.GeneratorFor<byte[]>(), 150, bytes => HoldsAsync(rig, bytes));
    }

    [Fact]
    public void Any_damage_to_a_good_file_yields_a_receipt_that_adds_up()
    {
        using var rig = new IngestRig();
        var damaged =
            from original in Gen.Elements(Bases)
            from at in Gen.Choose(0, original.Length - 1)
            from cut in Gen.Choose(0, 6)
            from insert in ArbMap.Default.GeneratorFor<byte[]>()
            select (byte[])[.. original[..at], .. insert, .. original[Math.Min(original.Length, at + cut)..]];
        Check(damaged, 300, bytes => HoldsAsync(rig, bytes));
    }

    [Fact]
    public void What_is_accepted_comes_back_byte_for_byte()
    {
        using var rig = new IngestRig();
        Check(ArbMap.Default.GeneratorFor<string>().Two(), 150, async texts =>
        {
            var (prompt, response) = (Whole("q" + texts.Item1), Whole(texts.Item2));
            var receipt = (await rig.IngestAsync(System.Text.Json.JsonSerializer.Serialize(new { item_id = Guid.NewGuid(), prompt, response }))).Batch;
            var item = (await rig.ItemsAsync()).Single(item => item.BatchId == receipt.BatchId);
            return item.Messages[0].Content == prompt && item.Responses[0].Content == response;
        });
    }

    [Fact]
    public async Task Shuffling_splitting_and_repeating_lines_gives_the_same_store()
    {
        var lines = Enumerable.Range(1, 12).Select(n => n % 3 == 0
            ? $$"""{"prompt_id":"{{n}}","prompt":"q{{n}}","responses":[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"d"},{"content":"e{{n}}"}]}"""
            : $$"""{"prompt":"q{{n}}","response":"a{{n}}"}""").ToArray();
        using var whole = new IngestRig();
        await whole.IngestAsync(string.Join('\n', lines));
        var expected = await StoreAsync(whole);
        Check(Gen.Shuffle(lines).Zip(Gen.Choose(1, 11)), 25, async arranged =>
        {
            using var rig = new IngestRig();
            var (order, cut) = arranged;
            await rig.IngestAsync(string.Join('\n', order[..cut]));
            await rig.IngestAsync(string.Join('\n', order[(cut / 2)..].Concat(order[..2])));
            return (await StoreAsync(rig)).SequenceEqual(expected);
        });
    }

    private static async Task<bool> HoldsAsync(IngestRig rig, byte[] bytes)
    {
        var batch = (await rig.IngestAsync(bytes).WaitAsync(TimeSpan.FromMinutes(1))).Batch;
        var stored = (await rig.ItemsAsync()).Where(item => item.BatchId == batch.BatchId).ToList();
        return BatchState.IsFinal(batch.State)
            && batch.Reason?.Contains("The program failed", StringComparison.Ordinal) != true
            && batch.Read == batch.Accepted + batch.Duplicate + batch.Rejected
            && (batch.State == BatchState.Failed) == (batch.Accepted + batch.Duplicate == 0)
            && stored.Count == batch.Items
            && stored.All(item => item.ContentHash() == item.ContentSha256 && item.Responses.All(response => Sha.Of(response.Content) == response.Sha256));
    }

    private static async Task<List<string>> StoreAsync(IngestRig rig) =>
        [.. (await rig.ItemsAsync()).Select(item => item.TaskId + item.ContentSha256).Order(StringComparer.Ordinal)];

    private static string Whole(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? "")); // no half surrogates: those are refused

    private static void Check<T>(Gen<T> values, int times, Func<T, Task<bool>> holds) =>
        Prop.ForAll(Arb.From(values), value => holds(value).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(times).WithReplay(20261122, 7));
}

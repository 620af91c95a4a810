using HealthEval.Batches;
using HealthEval.Tests.Batches;

namespace HealthEval.Tests.Intake;

/// <summary>What a file was read as, in one line per item: <c>[role: text | …] → [model: answer | …]</c>.</summary>
internal sealed class Reading(Batch batch, IReadOnlyList<EvalItem> items)
{
    public Batch Batch => batch;

    public IReadOnlyList<EvalItem> Items => items;

    public IEnumerable<string> Prompts => items.Select(item => string.Join(" | ", item.Messages.Select(message => $"{message.Role}: {message.Content}")));

    public IEnumerable<string> Answers => items.Select(item => string.Join(" | ", item.Responses.Select(response => response.Model is null ? response.Content : $"{response.Model}: {response.Content}")));

    public IEnumerable<string> Notes => batch.Warnings.Select(warning => warning.Class);

    public static async Task<Reading> OfAsync(string content, string name = "export.bin")
    {
        using var rig = new IngestRig();
        return await OfAsync(rig, System.Text.Encoding.UTF8.GetBytes(content), name);
    }

    public static async Task<Reading> OfAsync(byte[] content, string name)
    {
        using var rig = new IngestRig();
        return await OfAsync(rig, content, name);
    }

    private static async Task<Reading> OfAsync(IngestRig rig, byte[] content, string name) => new((await rig.IngestAsync(content, name)).Batch, await rig.ItemsAsync());
}

using System.Net;
using FsCheck;
using FsCheck.Fluent;
using HealthEval.People;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Tasks;

/// <summary>
/// Whatever raters and adjudicators do in whatever order, and however time passes between: the program answers as <see cref="WorkModel"/> says. A failure
/// is shrunk to the shortest list of steps that still fails, which the message shows. Runs on either store, like all tests of the whole program.
/// </summary>
public sealed class ModelTests
{
    /// <summary>A run is a list of bytes, three per step: what, who and which. FsCheck makes them longer, and after a failure shorter.</summary>
    [Fact]
    public async Task Every_answer_is_the_models()
    {
        await using var app = await TestApp.StartAsync();
        var runs = 0;
        await Task.Run(() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var said = new List<string>();
            try
            {
                RunAsync(app, $"m{++runs}", bytes, said).GetAwaiter().GetResult();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{string.Join("\n", said)}\n{failure.Message}", failure);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30).WithStartSize(30).WithEndSize(180)));
    }

    /// <summary>The steps that a random list comes to seldom: three people for two places, expiry between, a dispute, two adjudicators.</summary>
    [Fact]
    public async Task A_whole_life_of_tasks_is_the_models()
    {
        await using var app = await TestApp.StartAsync();
        byte[] Each(byte what) =>
        [
            .. from who in Enumerable.Range(0, 3)
               from which in Enumerable.Range(0, 6) // each task once, with a score that two of the raters share
               where which % 2 == who % 2
               from part in (byte[])[what, (byte)who, (byte)which]
               select part,
        ];
        byte[] wait = [5, 0, 2];
        byte[] round = [0, 0, 0, 0, 1, 0, 0, 2, 0, .. Each(3), .. Each(4), .. wait, .. Each(4), .. Each(1), 0, 2, 0, 0, 1, 0];
        byte[] cases = [6, 0, 0, 6, 1, 0, .. wait, 6, 1, 0, .. Each(7)];
        byte[] all = [.. round, .. round, .. cases, .. round, .. round, .. cases, .. cases];
        var said = new List<string>();

        await RunAsync(app, "life", all, said);

        Assert.Contains(said, step => step.EndsWith("settle Recorded", StringComparison.Ordinal));
    }

    private static async Task RunAsync(TestApp app, string projectId, byte[] bytes, List<string> said)
    {
        var project = await app.AddProjectAsync(projectId);
        await app.AddItemsAsync(project, Enumerable.Range(1, 3).Select(n => Work.Item(projectId, n)));
        var run = new WorkRun(app, projectId, said);
        try
        {
            await run.SignInAsync();
            foreach (var step in bytes.Chunk(3).Where(step => step.Length == 3))
            {
                await run.StepAsync(step[0] % 8, step[1], step[2]);
            }

            await run.CompareStoreAsync();
        }
        finally
        {
            run.Dispose();
        }
    }
}

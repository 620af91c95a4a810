using System.Diagnostics.Metrics;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Tasks;

public sealed class ClaimCountTests
{
    private const string Claims = "healtheval.claims";
    private const string Conflicts = "healtheval.claim.conflicts";
    private const int Raters = 12;
    private readonly AsyncLocal<bool> _isMine = new(); // other tests claim too, at the same time
    private long _claims;
    private long _conflicts;

    [Fact]
    public async Task A_lease_counts_as_a_claim_and_a_lost_race_as_a_conflict()
    {
        await using var app = await TestApp.StartAsync();
        using var listener = Listen();
        _isMine.Value = true;
        var handedOut = 0;
        for (var round = 1; round <= 40 && _conflicts == 0; round++)
        {
            var project = await app.AddProjectAsync($"p{round}", p => p with { Overlap = Raters });
            await app.AddItemsAsync(project, [Work.Item(project.ProjectId, 1)]);
            var assignment = app.Services.GetRequiredService<Assignment>();
            var claimed = await Task.WhenAll(Enumerable.Range(0, Raters).Select(_ => Task.Run(() => assignment.NextAsync(project, Someone.With(Roles.Annotator), [], default))));
            handedOut += claimed.Count(claim => claim is not null);
        }

        Assert.NotEqual(0, _conflicts);
        Assert.Equal(handedOut, _claims);
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == Telemetry.Name && instrument.Name is Claims or Conflicts)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (_isMine.Value)
            {
                Interlocked.Add(ref instrument.Name == Claims ? ref _claims : ref _conflicts, value);
            }
        });
        listener.Start();
        return listener;
    }
}

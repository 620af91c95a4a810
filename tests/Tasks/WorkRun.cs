using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Tasks;

/// <summary>Three raters and two adjudicators at three tasks of overlap two: asks the program, and the model what it should have said.</summary>
internal sealed class WorkRun(TestApp app, string projectId, List<string> said) : IDisposable
{
    private const int Overlap = 2;
    private static readonly string[] Tasks = ["t000001", "t000002", "t000003"];
    private readonly List<HttpClient> _raters = [];
    private readonly List<HttpClient> _seniors = [];
    private readonly WorkModel _tasks = new(Overlap);
    private readonly WorkModel _cases = new(1);
    private readonly Dictionary<(string Task, int Who), int> _revisions = [];
    private readonly Dictionary<string, JsonNode> _shown = [];

    private DateTimeOffset Now => app.Time.GetUtcNow();

    public async Task SignInAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            _raters.Add(await app.SignedInAsync(Roles.Annotator, projectId));
        }

        _seniors.Add(await app.SignedInAsync(Roles.Adjudicator, projectId));
        _seniors.Add(await app.SignedInAsync(Roles.Adjudicator, projectId));
    }

    public async Task StepAsync(int what, int who, int which)
    {
        var (rater, senior, task) = (who % _raters.Count, who % _seniors.Count, Tasks[which % Tasks.Length]);
        said.Add($"{Now:HH:mm:ss} {what} {rater} {task}");
        await (what switch
        {
            0 => NextAsync(_tasks, _raters, rater, "tasks/next", Tasks),
            1 => RenewAsync(rater, task),
            2 => ReleaseAsync(rater, task, forGood: which % 2 == 0),
            3 => DraftAsync(rater, task, stale: which % 4 == 3),
            4 => SubmitAsync(rater, task, score: which % 2 == 0 ? 3 : 5, again: which % 8 > 5),
            5 => WaitAsync(TimeSpan.FromMinutes((which % 3) switch { 0 => 1, 1 => 12, _ => 31 })),
            6 => NextAsync(_cases, _seniors, senior, "adjudications/next", [.. Tasks.Where(IsDisputed)]),
            _ => SettleAsync(senior, task),
        });
        Assert.All(Tasks, t => Assert.True(_tasks.Taken(t, Now) <= Overlap));
    }

    /// <summary>What was acknowledged lies in the store, and nothing else.</summary>
    public async Task CompareStoreAsync()
    {
        var annotations = await AllAsync<Annotation>(DocumentKind.Annotation);
        Assert.Equal(_tasks.Done.Values.Select(done => done.Id.ToString()).Order(), annotations.Select(a => a.AnnotationId).Order());
        var scores = _tasks.Done.Values.ToDictionary(done => done.Id.ToString(), done => (int?)done.Score);
        Assert.All(annotations, a => Assert.Equal(scores[a.AnnotationId], a.Judgement.Ratings[0].Accuracy));
        var tasks = await AllAsync<EvalTask>(DocumentKind.Task);
        Assert.Equal(annotations.Select(a => a.AnnotationId).Order(), tasks.SelectMany(t => t.Slots).Select(slot => slot.AnnotationId).OfType<string>().Order());
        Assert.All(tasks, t => Assert.True(t.Slots.Count(slot => slot.IsTaken(Now)) <= Overlap));
        Assert.Equal(Tasks.Where(IsDisputed), (await AllAsync<EvalTask>(DocumentKind.Case)).Select(t => t.TaskId).Order());
        var settled = (await AllAsync<Adjudication>(DocumentKind.Adjudication)).Select(a => a.AdjudicationId).Order();
        Assert.Equal(_cases.Done.Values.Select(done => done.Id.ToString()).Order(), settled);
    }

    public void Dispose()
    {
        _raters.ForEach(client => client.Dispose());
        _seniors.ForEach(client => client.Dispose());
    }

    private bool IsDisputed(string task) =>
        _tasks.Done.Where(done => done.Key.Task == task).Select(done => done.Value.Score).ToList() is { Count: Overlap } scores && scores.Distinct().Count() > 1;

    private async Task NextAsync(WorkModel model, List<HttpClient> clients, int who, string address, string[] pool)
    {
        for (var asked = 0; asked < 2; asked++)
        {
            string[] holding = [.. pool.Where(task => model.IsLive(task, who, Now))];
            var answer = await clients[who].PostAsync(address, Body.Of(new { projectId, holding }));
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                Took(model, who, await answer.JsonAsync(), pool, holding);
                return;
            }

            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            app.Time.Advance(TimeSpan.FromSeconds(61)); // the search through everything is made once a minute
        }

        Assert.DoesNotContain(pool, task => model.MayTake(task, who, Now));
    }

    private void Took(WorkModel model, int who, JsonNode given, string[] pool, string[] holding)
    {
        var content = (given["task"] ?? given["case"])!;
        var (task, lease, until) = (content["taskId"]!.GetValue<string>(), given.LeaseId(), given["lease"]!["expiresAt"]!.GetValue<DateTimeOffset>());
        said.Add($"  took {task}");
        Assert.Contains(task, pool);
        Assert.DoesNotContain(task, holding);
        Assert.Equal(Now.AddMinutes(30), until);
        Assert.True(lease == model.LeaseOf(task, who) ? model.MayRevive(task, who, Now) : model.MayTake(task, who, Now), $"{task} was not {who}'s to take");
        model.Lease(task, who, lease, until);
        if (given["case"] is not null)
        {
            _shown[task] = content;
        }
        else
        {
            Assert.Equal(_revisions.GetValueOrDefault((task, who)), content["draft"]?["revision"]?.GetValue<int>() ?? 0);
        }
    }

    private async Task RenewAsync(int who, string task)
    {
        var answer = await _raters[who].PostAsync($"tasks/{projectId}/{task}/lease", Body.Of(new { leaseId = _tasks.LeaseOf(task, who) ?? "none" }));
        Expect(answer, good: _tasks.IsLive(task, who, Now), perhaps: _tasks.MayRevive(task, who, Now));
        if (answer.IsSuccessStatusCode)
        {
            _tasks.Lease(task, who, _tasks.LeaseOf(task, who)!, Now.AddMinutes(30));
        }
    }

    private async Task ReleaseAsync(int who, string task, bool forGood)
    {
        var lease = _tasks.LeaseOf(task, who);
        var request = new HttpRequestMessage(HttpMethod.Delete, $"tasks/{projectId}/{task}/lease")
        {
            Content = Body.Of(new { leaseId = lease ?? "none", reason = forGood ? "outside_expertise" : "not_enough_time" }),
        };
        var answer = await _raters[who].SendAsync(request);
        Expect(answer, good: _tasks.IsLive(task, who, Now), perhaps: lease is not null && !_tasks.Done.ContainsKey((task, who)));
        if (answer.IsSuccessStatusCode)
        {
            _tasks.GiveBack(task, who, forGood);
        }
    }

    private async Task DraftAsync(int who, string task, bool stale)
    {
        var known = _revisions.GetValueOrDefault((task, who));
        var outdated = stale && known > 0;
        var lease = _tasks.LeaseOf(task, who);
        var draft = Body.Of(new { leaseId = lease ?? "none", revision = outdated ? known - 1 : known, judgement = new { overall = 3 } });
        var answer = await _raters[who].PutAsync($"tasks/{projectId}/{task}/draft", draft);
        Expect(answer, good: _tasks.IsLive(task, who, Now) && !outdated, perhaps: lease is not null && !outdated && !_tasks.Done.ContainsKey((task, who)));
        if (answer.IsSuccessStatusCode)
        {
            _revisions[(task, who)] = known + 1;
            Assert.Equal(known + 1, (await answer.JsonAsync())["revision"]!.GetValue<int>());
        }
    }

    private async Task SubmitAsync(int who, string task, int score, bool again)
    {
        var before = _tasks.Done.TryGetValue((task, who), out var done) ? done : default;
        var id = again && before.Id != default ? before.Id : Guid.NewGuid();
        var judgement = Work.Judgement();
        judgement["ratings"]![0]!["accuracy"] = score;
        var answer = await _raters[who].PutAsync(
            $"annotations/{projectId}/{task}/{id}", Body.Of(new { leaseId = _tasks.LeaseOf(task, who) ?? "none", judgement, acknowledged = (string[])[] }));

        if (before.Id != default)
        {
            Assert.Equal(id == before.Id && score == before.Score ? HttpStatusCode.OK : HttpStatusCode.Conflict, answer.StatusCode);
            return;
        }

        Expect(answer, good: _tasks.IsLive(task, who, Now), perhaps: false);
        if (answer.IsSuccessStatusCode)
        {
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            _tasks.Done[(task, who)] = (id, score);
            _revisions.Remove((task, who));
        }
    }

    private async Task SettleAsync(int who, string task)
    {
        var points = _shown.TryGetValue(task, out var shown) ? shown["points"]!.AsArray().Select(point => point!["key"]!.GetValue<string>()) : [];
        var id = Guid.NewGuid();
        var answer = await _seniors[who].PutAsync($"adjudications/{projectId}/{task}/{id}", Body.Of(new
        {
            leaseId = _cases.LeaseOf(task, who) ?? "none",
            decisions = points.Select(point => new { point, value = "4", rationale = "In between." }),
        }));
        if (_cases.IsLive(task, who, Now))
        {
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            _cases.Done[(task, who)] = (id, 4);
            said.Add("  settle Recorded");
        }
        else
        {
            Assert.False(answer.IsSuccessStatusCode, "a case was settled without a lease");
        }
    }

    private Task WaitAsync(TimeSpan time)
    {
        app.Time.Advance(time);
        return Task.CompletedTask;
    }

    private void Expect(HttpResponseMessage answer, bool good, bool perhaps)
    {
        said.Add($"  {(int)answer.StatusCode}");
        if (good)
        {
            Assert.True(answer.IsSuccessStatusCode, $"refused with {(int)answer.StatusCode} what the model allows");
        }
        else if (!perhaps)
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        }
    }

    private Task<List<T>> AllAsync<T>(DocumentKind kind)
        where T : class =>
        app.Store.AllAsync<T>(new DocumentQuery(kind) { ProjectId = projectId }, default).Select(stored => stored.Value).ToListAsync().AsTask();
}

using System.Text;
using HealthEval.Batches;
using HealthEval.Intake;
using HealthEval.Intake.Profiles;
using HealthEval.Storage;
using HealthEval.Tests.Batches;

namespace HealthEval.Tests.Intake;

/// <summary>When no format fits, the customer says once what is what.</summary>
public sealed class ProfileTests : IDisposable
{
    private const string Table = "nr;vorgabe;frage;antwort_a;antwort_b;quelle\n7;Sei knapp.;Was hilft bei Gicht?;Ruhe.;Wasser.;Klinik\n8;Sei knapp.;Und bei Fieber?;Trinken.;Schlaf.;Klinik\n";
    private const string Said = "prompt=system:vorgabe+frage,response=A:antwort_a+B:antwort_b,itemId=nr,tags==pilot,language==de";
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task What_is_said_is_read_and_kept_for_the_next_file()
    {
        var unknown = (await _rig.IngestAsync(Table)).Batch;
        var said = (await _rig.Ingest.RunAsync(_rig.Project, IngestRig.Source(Encoding.UTF8.GetBytes(Table)) with { Profile = Profile(Said) }, _ => { }, again: true, default)).Batch;

        Assert.Equal(("failed", true), (unknown.State, unknown.Reason!.Contains("vorgabe", StringComparison.Ordinal)));
        Assert.Equal(("loaded", "profile words v1, csv", 2L), (said.State, said.Format, said.Accepted));
        var item = (await _rig.ItemsAsync())[0];
        Assert.Equal(["system: Sei knapp.", "user: Was hilft bei Gicht?"], item.Messages.Select(message => $"{message.Role}: {message.Content}"));
        Assert.Equal(["A: Ruhe.", "B: Wasser."], item.Responses.Select(response => $"{response.Model}: {response.Content}"));
        Assert.Equal(("7", "pilot", "de", "quelle"), (item.ItemId, item.Tags[0], item.Language, Assert.Single(item.Meta!).Key));

        var kept = await ImportProfiles.KeepAsync(_rig.Documents, _rig.Trail, "p1", Profile(Said), "lead", DateTimeOffset.UnixEpoch, default);
        var next = (await _rig.IngestAsync(Table.Replace("Gicht", "Rheuma", StringComparison.Ordinal).Replace("7;", "9;", StringComparison.Ordinal))).Batch;
        Assert.Equal((1, "profile words v1, csv", 1L), (kept.Profile.Version, next.Format, next.Duplicate));
    }

    [Fact]
    public async Task A_file_is_not_read_otherwise_where_the_profile_that_was_named_for_it_fits_nothing()
    {
        var source = IngestRig.Source(Encoding.UTF8.GetBytes("prompt,response,antwort\nQ?,Not this one.,This one.\n"), "t.csv") with
        {
            Profile = Profile("prompt=frage,response=antwort")
        };
        var read = (await _rig.Ingest.RunAsync(_rig.Project, source, _ => { }, again: true, default)).Batch;
        var looked = Preview.Of(_rig.Project, source, [], _rig.Options, default);

        Assert.Equal(("failed", 0L), (read.State, read.Accepted));
        Assert.Contains("No record has the fields that the profile names: frage, antwort", read.Reason, StringComparison.Ordinal);
        Assert.Equal((null, read.Reason), (looked.Format, looked.Reason));
    }

    [Fact]
    public async Task A_changed_profile_is_a_version_and_the_same_one_is_none()
    {
        await ImportProfiles.KeepAsync(_rig.Documents, _rig.Trail, "p1", Profile("prompt=a,response=b"), "lead", DateTimeOffset.UnixEpoch, default);
        var same = await ImportProfiles.KeepAsync(_rig.Documents, _rig.Trail, "p1", Profile("prompt=a,response=b"), "lead", DateTimeOffset.UnixEpoch, default);
        var changed = await ImportProfiles.KeepAsync(_rig.Documents, _rig.Trail, "p1", Profile("prompt=a,response=c"), "lead", DateTimeOffset.UnixEpoch, default);

        Assert.Equal((1, 2), (same.Profile.Version, changed.Profile.Version));
        Assert.Equal(["c"], Assert.Single(await ImportProfiles.LatestAsync(_rig.Documents, "p1", default)).Profile.Response);
    }

    [Theory]
    [InlineData("""{"fall":{"text":"Q?"},"modelle":[{"wer":"m1","sagt":"A."},{"wer":"m2","sagt":"B."}]}""", "prompt=fall.text,response=modelle[].sagt,model==$file", "export: A. | export: B.")]
    [InlineData("""{"fall":"Q?","sagt":"<think>hm</think>A."}""", "prompt=fall,response=sagt,model==m", "m: A.")]
    [InlineData("""{"fall":"[{\"role\":\"user\",\"content\":\"Q?\"}]","sagt":["A.","B."]}""", "prompt=fall,response=sagt", "A. | B.")]
    public async Task Paths_lead_into_records_and_what_holds_for_formats_holds_here(string record, string said, string answers)
    {
        await _rig.Ingest.RunAsync(_rig.Project, IngestRig.Source(Encoding.UTF8.GetBytes(record), "export.jsonl") with { Profile = Profile(said) }, _ => { }, again: true, default);

        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal("Q?", Assert.Single(item.Messages).Content);
        Assert.Equal(answers, string.Join(" | ", item.Responses.Select(response => response.Model is null ? response.Content : $"{response.Model}: {response.Content}")));
    }

    [Theory]
    [InlineData("response=b", "prompt=PATH")]
    [InlineData("prompt=a", "response=PATH")]
    [InlineData("prompt=a,response=b,farbe=c", "'farbe' is no field of ours")]
    [InlineData("prompt=alien:a,response=b", "A role in front")]
    [InlineData("prompt", "says nothing")]
    public void A_profile_that_says_too_little_is_told_what_is_missing(string words, string fault)
    {
        Assert.Null(ImportProfile.Parse(words, "words", out var said));
        Assert.Contains(fault, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_in_the_drop_folder_is_used_and_a_broken_one_fails_the_file()
    {
        await WriteAsync("""{"prompt":["system:vorgabe","frage"],"response":["A:antwort_a"],"ignore":"antwort_b"}""");
        var read = (await _rig.IngestAsync(Table)).Batch;
        await WriteAsync("""{"prompt":["frage"],"response":["A:antwort_a"]}""");
        var changed = (await _rig.IngestAsync(Table + "8;x;Andere Frage?;Ja.;Nein.;z\n")).Batch;
        await WriteAsync("""{"prompt":7}""");
        var broken = (await _rig.IngestAsync(Table + "9;x;Neue Frage?;Ja.;Nein.;z\n")).Batch;

        Assert.Equal(("loaded", "profile drop folder v1, csv", "profile drop folder v2, csv"), (read.State, read.Format, changed.Format));
        Assert.Equal(("failed", true), (broken.State, broken.Reason!.StartsWith("profile.json in the drop folder cannot be used: prompt", StringComparison.Ordinal)));

        Task WriteAsync(string json) => _rig.Files.WriteBytesAsync(DropFolder.Path("p1", ImportProfiles.DroppedName), Encoding.UTF8.GetBytes(json), FileCondition.None, default);
    }

    [Fact]
    public async Task A_preview_counts_the_whole_file_shows_three_items_proposes_and_changes_nothing()
    {
        var source = IngestRig.Source(Encoding.UTF8.GetBytes(Table + string.Concat(Enumerable.Range(9, 20).Select(n => $"{n};;Frage {n}?;;Antwort {n}.;\n")) + "x;y\n"));
        var unknown = Preview.Of(_rig.Project, source, [], _rig.Options, default);
        var said = Preview.Of(_rig.Project, source with { Profile = Profile("prompt=frage,response=antwort_b") }, [], _rig.Options, default);

        Assert.Equal(
            ["prompt=system:vorgabe+frage", "response=antwort_a+antwort_b", "itemId=nr"],
            unknown.Proposal.Select(proposed => $"{proposed.Field}={string.Join('+', proposed.Paths)}"));
        Assert.Null(unknown.Format);
        Assert.Contains(unknown.Fields, field => field is { Path: "frage", Records: 22, Example: "Was hilft bei Gicht?" });
        Assert.Equal((23L, 22L, 1L, 3), (said.Read, said.Accepted, said.Rejected, said.Items.Count));
        Assert.Equal("Wasser.", said.Items[0].Responses[0].Content);
        Assert.Empty(await _rig.ItemsAsync());
    }

    private static ImportProfile Profile(string words) => ImportProfile.Parse(words, "words", out _)!;
}

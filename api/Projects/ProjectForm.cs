using System.Text.RegularExpressions;
using HealthEval.Guidelines;
using HealthEval.Http;

namespace HealthEval.Projects;

/// <summary>What a lead fills in about a project; in a new one, what is left out takes the default.</summary>
internal sealed partial record ProjectForm(
    string? ProjectId = null,
    string? Name = null,
    string? Customer = null,
    GuidelineReference? Guideline = null,
    int Overlap = 2,
    double GoldShare = Project.StandardGoldShare,
    IReadOnlyList<string>? Subdomains = null,
    IReadOnlyList<string>? Languages = null,
    bool Comparison = false,
    int LeaseMinutes = 30,
    string TimeZone = "UTC",
    string Privacy = "warn",
    ReportSettings? Report = null,
    bool ShowCustomer = false,
    string? Mode = null,
    bool ShowReasoning = false,
    QualitySettings? Quality = null,
    bool ShowMustHave = false,
    RoutingSettings? Routing = null)
{
    public const string IdRule = "A project id has 2 to 63 lower-case letters, digits and hyphens, and starts with a letter or digit.";

    public static bool IsId(string? projectId) => projectId is not null && IdPattern.IsMatch(projectId);

    public static ProjectForm Of(Project p) =>
        new(p.ProjectId, p.Name, p.Customer, p.Guideline, p.Overlap, p.GoldShare, p.Subdomains, p.Languages, p.Comparison, p.LeaseMinutes, p.TimeZone, p.Privacy, p.Report,
            p.ShowCustomer, p.Mode, p.ShowReasoning, p.Quality, p.ShowMustHave, p.Routing);

    /// <summary>With a guideline that the caller may read: others are as good as missing.</summary>
    public async Task<Faults> CheckAsync(Reach reach, GuidelineLibrary guidelines, GuidelineAccess access, CancellationToken cancellation, Project? before = null)
    {
        var faults = new Faults();
        faults.Require(IsId(ProjectId), "projectId", IdRule);
        faults.Require(Name?.Trim() is { Length: > 0 and <= 200 }, "name", "Give a name of 1 to 200 characters.");
        faults.Require(Customer?.Trim() is { Length: > 0 and <= 200 }, "customer", "Name the customer, 1 to 200 characters.");
        faults.Require(Overlap is >= 1 and <= Project.MostOverlap, "overlap", $"Between 1 and {Project.MostOverlap} independent judgements per task.");
        faults.Require(GoldShare is >= 0 and <= 0.5, "goldShare", "A share between 0 and 0.5 (0.1 is one task in ten).");
        faults.Require(LeaseMinutes >= 2 && LeaseMinutes <= Project.LongestLease.TotalMinutes, "leaseMinutes", "Between 2 and 1440 minutes.");
        faults.Require(
            Subdomains is null or { Count: > 0 } && Subdomains?.Except(Vocabulary.Subdomains).Any() != true,
            "subdomains", $"Choose from: {string.Join(", ", Vocabulary.Subdomains)}.");
        faults.Require(
            Languages is null or { Count: > 0 } && Languages?.All(language => language.Length is >= 2 and <= 35) != false,
            "languages", "Give language codes such as en or es.");
        faults.Require(TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _), "timeZone", "This is not a time zone. Use a name such as Europe/Lisbon.");
        faults.Require(Privacy is "warn" or "hold" or "reject", "privacy", "Choose warn, hold or reject.");
        Report?.Check(faults);
        faults.Require(Mode is null || Vocabulary.Modes.Contains(Mode), "mode", $"Choose one of: {string.Join(", ", Vocabulary.Modes)}.");
        var reference = Guideline ?? new GuidelineReference(GuidelineLibrary.Default.Id, GuidelineLibrary.Default.Version);
        Guideline? guideline = await access.MayReadAsync(reach, reference.Id, cancellation) ? await guidelines.FindAsync(reference.Id, reference.Version, cancellation) : null;
        if (guideline is null)
        {
            faults.Add("guideline", "There is no such guideline version.");
        }
        else if (reference.Id != before?.Guideline.Id && before?.FormerGuidelines?.Contains(reference.Id) != true && IsId(ProjectId) && !await access.MayUseAsync(ProjectId!, reference.Id, cancellation))
        {
            faults.Add("guideline", "This guideline is another project's. Its page shares it with a project of the same customer.");
        }
        else if (Mode is not (null or Vocabulary.FullMode) && guideline.Modes?.Any(mode => mode.Key == Mode) != true)
        {
            faults.Add("mode", "This guideline version has no such mode; choose full, or a newer version.");
        }

        Quality?.Check(faults, guideline);
        Routing?.Check(faults);
        return faults;
    }

    public Project ToProject(DateTimeOffset createdAt, bool demo) => new(
        ProjectId!, Name!.Trim(), Customer!.Trim(), Guideline ?? new GuidelineReference(GuidelineLibrary.Default.Id, GuidelineLibrary.Default.Version),
        Overlap, GoldShare, Subdomains ?? Vocabulary.Subdomains, Languages ?? ["en"], Comparison, LeaseMinutes, TimeZone, Privacy, demo, createdAt, Report,
        ShowCustomer: ShowCustomer, Mode: Mode == Vocabulary.FullMode ? null : Mode, ShowReasoning: ShowReasoning, Quality: Quality,
        ShowMustHave: ShowMustHave, Routing: RoutingSettings.After(Routing, before: null));

    public Project ChangeOf(Project before)
    {
        var changed = ToProject(before.CreatedAt, before.Demo) with { FormerGuidelines = before.FormerGuidelines, Routing = RoutingSettings.After(Routing, before.Routing) };
        return changed.Guideline.Id == before.Guideline.Id
            ? changed
            : changed with { FormerGuidelines = [.. (before.FormerGuidelines ?? []).Append(before.Guideline.Id).Distinct()] };
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{1,62}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex IdPattern { get; }
}

namespace HealthEval.People;

/// <summary>Who may use a group of routes. Every route has one of these, or is named as open in the route table.</summary>
internal static class Policies
{
    public const string SignedIn = "signed-in";
    public const string Raters = "raters";
    public const string Adjudicators = "adjudicators";
    public const string Leads = "leads";
    public const string Admins = "admins";

    /// <summary>Those who write and refine prompts.</summary>
    public const string Writers = "writers";
    public const string Customers = "customers";

    /// <summary>What a route gets that was given none.</summary>
    public const string Nobody = "nobody";

    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> RolesOf = new Dictionary<string, IReadOnlyList<string>>
    {
        [SignedIn] = Roles.All,
        [Raters] = [Roles.Annotator],
        [Adjudicators] = [Roles.Adjudicator],
        [Writers] = [Roles.Annotator, Roles.Adjudicator, Roles.Lead, Roles.Admin],
        [Leads] = [Roles.Lead, Roles.Admin],
        [Admins] = [Roles.Admin],
        [Customers] = [Roles.Customer, Roles.Lead, Roles.Admin],
    };
}

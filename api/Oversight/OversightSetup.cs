using HealthEval.Annotations;
using HealthEval.People;

namespace HealthEval.Oversight;

/// <summary>The lead's desk: what is known about a project's items, people and batches, and what can be done about it.</summary>
internal static class OversightSetup
{
    public static void MapOversight(this IEndpointRouteBuilder api)
    {
        var oversight = api.MapGroup("/oversight/{projectId}").RequireAuthorization(Policies.Leads);
        oversight.MapItems();
        oversight.MapRaters();
        oversight.MapBatchDesk();
    }

    public static IServiceCollection AddOversight(this IServiceCollection services) => services.AddSingleton<Voids>().AddSingleton<ItemSearch>().AddSingleton<ItemActs>().AddSingleton<RaterVoids>().AddSingleton<BatchWithdrawal>();
}

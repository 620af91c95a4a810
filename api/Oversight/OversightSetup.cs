using HealthEval.Annotations;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Storage;

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
        oversight.MapReread();
        oversight.MapInbox();
        oversight.MapDesigns();
    }

    public static IServiceCollection AddOversight(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Voids>().AddSingleton<ItemSearch>().AddSingleton<ItemActs>().AddSingleton<RaterVoids>().AddSingleton<BatchWithdrawal>().AddSingleton<Rerouting>().AddSingleton<ComparisonDesign>();
        services.AddSingleton(NoticeOptions.Of(configuration)).AddSingleton(provider => new NoticeSender(
            provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<NoticeOptions>(), new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<NoticeSender>>()));
        return services.AddSingleton(provider => new CronJob(typeof(OversightFunctions), nameof(OversightFunctions.SendNoticesAsync), provider.GetRequiredService<NoticeSender>().SendAsync));
    }
}

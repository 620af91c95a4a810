using HealthEval.Projects;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Reports;

/// <summary>What of those who judge leaves with a customer's data.</summary>
public sealed class DeliveryTests
{
    private static readonly DateTimeOffset Then = new(2026, 11, 18, 9, 41, 7, TimeSpan.Zero);

    [Fact]
    public void One_person_is_another_pseudonym_for_another_customer_and_the_same_in_all_projects_of_one()
    {
        var (one, other) = (new Delivery("Mercy", false), new Delivery("Acme", false));

        Assert.Equal(one.Pseudonym("R-1"), new Delivery("Mercy", true).Pseudonym("R-1"));
        Assert.NotEqual(one.Pseudonym("R-1"), other.Pseudonym("R-1"));
        Assert.NotEqual(one.Pseudonym("R-1"), one.Pseudonym("R-2"));
        Assert.DoesNotContain("R-1", (string[])[one.Pseudonym("R-1"), other.Pseudonym("R-1")]);
    }

    [Fact]
    public void The_day_is_delivered_and_the_second_only_where_the_project_asks()
    {
        Assert.Equal(new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero), new Delivery("Mercy", false).Time(Then));
        Assert.Equal(Then, new Delivery("Mercy", true).Time(Then));
    }

    [Fact]
    public async Task An_export_has_neither_the_platforms_pseudonyms_nor_the_hour()
    {
        await using var app = await TestApp.StartAsync();
        await new WeekSample(tasks: 4).StoreAsync(app.Store);
        await app.Store.CommitAsync(new Write.Put(Project.Key(WeekSample.ProjectId), WeekSample.Project with { Customer = "Mercy" }), default);
        var stored = await app.Store.AllAsync<HealthEval.Annotations.Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = WeekSample.ProjectId }, default).ToListAsync();
        using var customer = await app.SignedInAsync(HealthEval.People.Roles.Customer, WeekSample.ProjectId);

        var export = await customer.GetStringAsync($"exports/{WeekSample.ProjectId}/annotations");

        Assert.All(stored, annotation => Assert.DoesNotContain(annotation.Value.Pseudonym, export, StringComparison.Ordinal));
        Assert.Matches("\"submittedAt\":\"[0-9-]*T00:00:00", export);
        Assert.DoesNotMatch("\"(submittedAt|leasedAt)\":\"[0-9-]*T(?!00:00:00.0000000)", export);
    }
}

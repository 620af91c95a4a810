using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class SignInPageTests(Site site)
{
    [Fact]
    public async Task Where_people_have_accounts_the_page_leads_to_the_platform_instead_of_asking_for_a_link()
    {
        await using var clinic = await site.ClinicAsync();
        var page = await clinic.WindowAsync();
        await page.RouteAsync("**/api/session", route => route.FulfillAsync(new RouteFulfillOptions
        {
            Json = new { authMode = "platform", signIn = "/.auth/login/aad?post_login_redirect_uri=/", signOut = "/.auth/logout?post_logout_redirect_uri=/" },
        }));

        await page.GotoAsync(clinic.Url);

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToHaveAttributeAsync("href", "/.auth/login/aad?post_login_redirect_uri=/");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Use another account" })).ToHaveAttributeAsync("href", "/.auth/logout?post_logout_redirect_uri=/");
        await Expect(page.GetByLabel("Sign-in link")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task On_one_machine_it_asks_for_a_link_and_offers_no_account()
    {
        await using var clinic = await site.ClinicAsync();
        var page = await clinic.WindowAsync();

        await page.GotoAsync(clinic.Url);

        await Expect(page.GetByLabel("Sign-in link")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToHaveCountAsync(0);
    }
}

using Kappa.Web.Dashboard.Pages;

namespace Kappa.Web.Dashboard;

/// <summary>What a host calls to have the dashboard.</summary>
public static class DashboardHosting
{
    /// <summary>Needs <c>IViews</c>, <c>IRebuilds</c>, <c>ILogReader</c>, <c>ILogProblems</c> and <see cref="TimeProvider"/> among the services; works on every engine.</summary>
    public static IServiceCollection AddKappaDashboard(this IServiceCollection services)
    {
        services.AddSingleton<RateSampler>();
        services.AddHostedService(provider => provider.GetRequiredService<RateSampler>());
        services.AddSingleton<AuditBoard>();
        services.AddSingleton<RebuildBoard>();
        return services;
    }

    /// <summary>Serves the dashboard at <c>/</c> and below <c>/dashboard</c>; nothing else.</summary>
    public static IEndpointRouteBuilder MapKappaDashboard(this IEndpointRouteBuilder endpoints)
    {
        // A page of its own group, so that none of it shows up in the API's description.
        var pages = endpoints.MapGroup("").ExcludeFromDescription();
        pages.MapGet(Links.Overview, LivePage.ServeAsync<OverviewPage>);
        pages.MapGet("/dashboard", () => Results.Redirect(Links.Overview));
        pages.MapGet("/dashboard/views/{view}", LivePage.ServeAsync<ViewPage>);
        pages.MapGet("/dashboard/views/{view}/instance", LivePage.ServeAsync<InstancePage>);
        pages.MapGet(Links.Quarantine, LivePage.ServeAsync<QuarantinePage>);
        pages.MapGet(Links.Audit, LivePage.ServeAsync<AuditPage>);
        pages.MapGet(Links.Rebuilds, LivePage.ServeAsync<RebuildsPage>);
        pages.MapPost(Links.Quarantine + "/retry", DashboardActions.RetryAsync).DisableAntiforgery();
        pages.MapPost(Links.Audit, DashboardActions.AuditAsync).DisableAntiforgery();
        pages.MapPost(Links.Rebuilds, RebuildActions.StartAsync).DisableAntiforgery();
        pages.MapPost(Links.RebuildStep("{step}"), RebuildActions.StepAsync).DisableAntiforgery();
        pages.MapGet(DashboardAssets.Route, DashboardAssets.Serve);
        return endpoints;
    }
}
